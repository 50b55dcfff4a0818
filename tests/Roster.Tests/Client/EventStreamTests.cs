using Roster.Client;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Client;

public sealed class EventStreamTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Events_come_as_they_happen_and_a_new_client_goes_on_where_the_last_one_was()
    {
        using var client = new RosterClient(server.Url, server.AdminKey);
        var ada = await client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail()));
        var filter = new EventFilter { UserId = ada.Id };
        var position = new EventPosition { Value = EventPosition.Oldest };
        using var deadline = new CancellationTokenSource(Patience);
        List<string> sequences = [];
        await foreach (var happened in client.StreamEventsAsync(filter, position, deadline.Token))
        {
            sequences.Add(happened.Sequence);
            if (sequences.Count == 3)
            {
                break;
            }

            ada = await client.ChangeUserAsync(ada.Id, new UserPatch { Name = $"Ada {sequences.Count}" });
        }

        // The third was not dealt with: it comes again.
        using var next = new RosterClient(server.Url, server.AdminKey);
        await foreach (var happened in next.StreamEventsAsync(filter, new EventPosition { Value = position.Value }, deadline.Token))
        {
            sequences.Add(happened.Sequence);
            Assert.Equal(ada.Id, happened.Subject);
            break;
        }

        Assert.Equal(["1", "2", "3", "3"], sequences);
    }

    [Fact]
    public async Task A_stream_ends_with_a_refusal_when_its_key_was_revoked()
    {
        var key = await server.NewKeyAsync("events:read");
        using var client = new RosterClient(server.Url, key.Secret);
        var ada = await server.Admin.SignUpAsync();
        using var deadline = new CancellationTokenSource(Patience);
        await using var events = client.StreamEventsAsync(
            new EventFilter { UserId = Guid.Parse(ada.Id) }, new EventPosition { Value = EventPosition.Oldest }, deadline.Token).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        (await server.Admin.PatchAsync($"/users/{ada.Id}", """{ "name": "Grace" }""")).Is(200);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("2", events.Current.Sequence);

        // A key that was revoked opens no other.
        (await server.Admin.DeleteAsync($"/keys/{key.Id}")).Is(204);
        var refused = await Assert.ThrowsAsync<RosterException>(async () => await events.MoveNextAsync());
        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task A_ticket_can_be_had()
    {
        using var client = new RosterClient(server.Url, server.AdminKey);
        var ticket = await client.CreateEventTicketAsync();
        Assert.InRange(ticket.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(61));
        (await server.Nobody.GetAsync($"/events?ticket={ticket.Ticket}")).Is(200);
    }
}
