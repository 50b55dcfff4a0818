using Microsoft.Extensions.DependencyInjection;
using Roster.Api;
using Roster.Client;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Tests.Api.Events;

/// <summary>Parked events as administrators see them, and have them tried again.</summary>
public sealed class ParkedEventTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IProgressStore Progress => server.Services.GetRequiredService<IProgressStore>();

    [Fact]
    public async Task Parked_events_are_listed_page_by_page_and_tried_again_when_asked()
    {
        var changes = new Changes();
        var first = changes.Register("Ada", "ada@example.org").Events[0];
        var parked = new Core.Storage.ParkedEvent
        {
            Consumer = "tests",
            Event = new EventMessage(first.User, 1, first.What.Type, RosterApi.EventEncoder(first)),
            Reason = "Nobody is at home.",
            Attempts = 3,
            Since = Changes.Start,
        };
        var behind = parked with { Event = parked.Event with { Sequence = 2 }, Attempts = 0 };
        await Progress.ParkAsync([parked, behind], Cancel);

        using var client = new RosterClient(server.Url, server.AdminKey);
        var listed = await client.ListParkedEventsAsync("tests", pageSize: 1, Cancel).ToListAsync(Cancel);
        Assert.Equal([1, 2], listed.Select(one => one.Sequence));
        Assert.Equal((first.User.Value, "Nobody is at home.", 3, null, first.Id), (listed[0].UserId, listed[0].Reason, listed[0].Attempts, listed[0].NextAttempt, listed[0].Event.Id));
        Assert.Equal(2, (await client.ListParkedEventsAsync(cancellation: Cancel).ToListAsync(Cancel)).Count);
        Assert.Empty(await client.ListParkedEventsAsync("others", cancellation: Cancel).ToListAsync(Cancel));

        Assert.Equal(0, (await client.RetryParkedEventsAsync(new ParkedRetry("others"), Cancel)).Users);
        Assert.Equal(0, (await client.RetryParkedEventsAsync(new ParkedRetry("tests", Guid.Empty), Cancel)).Users);
        Assert.Empty(await DueAsync());
        Assert.Equal(1, (await client.RetryParkedEventsAsync(new ParkedRetry("tests", first.User.Value), Cancel)).Users);
        Assert.Equal([first.User], await DueAsync());
    }

    private async Task<IReadOnlyList<UserId>> DueAsync() => await Progress.DueAsync("tests", TimeProvider.System.GetUtcNow(), 9, Cancel);
}
