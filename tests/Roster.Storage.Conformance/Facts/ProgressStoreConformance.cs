using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

/// <summary>What every progress store does: inherit, and say how to open one and how to open the same data again.</summary>
public abstract partial class ProgressStoreConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Changes changes = new();

    /// <summary>The store under test.</summary>
    protected IProgressStore Progress { get; private set; } = null!;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A fresh, empty store.</summary>
    protected abstract Task<IProgressStore> OpenAsync();

    /// <summary>Closes it and opens the same data; null when that cannot be done, with the reason in <see cref="WhyNotReopened"/>.</summary>
    protected abstract Task<IProgressStore?> ReopenAsync();

    /// <summary>Closes it and removes what it left behind.</summary>
    protected abstract ValueTask CloseAsync();

    /// <summary>Why this store cannot be reopened; facts about durability are then skipped with it.</summary>
    protected virtual string? WhyNotReopened => null;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Progress = await OpenAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_readers_position_is_its_own_and_of_one_shard()
    {
        Assert.Null(await Progress.PositionAsync("c", ShardId.Control, Cancel));
        Assert.True(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 5), 1, Cancel));
        Assert.True(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 9), 1, Cancel));
        Assert.True(await Progress.SavePositionAsync("c", new ShardId(1), new(3, 2), 1, Cancel));
        Assert.Equal(new OutboxCursor(1, 9), await Progress.PositionAsync("c", ShardId.Control, Cancel));
        Assert.Equal(new OutboxCursor(3, 2), await Progress.PositionAsync("c", new ShardId(1), Cancel));
        Assert.Null(await Progress.PositionAsync("d", ShardId.Control, Cancel));
    }

    [Fact]
    public async Task A_paused_former_holder_cannot_move_a_position()
    {
        Assert.True(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 5), 1, Cancel));
        Assert.True(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 4), 2, Cancel));
        Assert.False(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 99), 1, Cancel));
        Assert.Equal(new OutboxCursor(1, 4), await Progress.PositionAsync("c", ShardId.Control, Cancel));
    }

    [Fact]
    [Proves("Events of one user come in order, so one number per consumer and user is enough; it must never go down.")]
    public async Task An_effect_is_remembered_per_consumer_and_user_and_never_backwards()
    {
        UserId ada = NewUser("ada"), bob = NewUser("bob"), eve = NewUser("eve");
        await Progress.RecordEffectsAsync("c", [new(ada, 5), new(bob, 1), new(ada, 2)], Cancel);
        await Progress.RecordEffectsAsync("c", [new(ada, 4)], Cancel);
        await Progress.RecordEffectsAsync("d", [new(ada, 1)], Cancel);
        Assert.Equal([1, 5, 0, 5], await DoneAsync("c", bob, ada, eve, ada));
        Assert.Equal([0, 1], await DoneAsync("d", bob, ada));
        Assert.Empty(await Progress.ProgressAsync("c", [], Cancel));
    }

    [Fact]
    public async Task Of_racing_records_the_highest_stays()
    {
        UserId[] users = [NewUser("ada"), NewUser("bob"), NewUser("eve")];
        await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(async () => await Progress.RecordEffectsAsync(
            "c", [.. (i % 2 == 0 ? users : users.Reverse()).Select(user => new Effect(user, i))], Cancel))));
        Assert.Equal([16, 16, 16], await DoneAsync("c", users));
    }

    [Fact]
    [Proves("Whatever is written here must be durable when its task ends.")]
    public async Task A_reopened_progress_store_has_everything()
    {
        if (WhyNotReopened is { } reason)
        {
            Assert.Skip(reason);
        }

        UserId ada = NewUser("ada"), bob = NewUser("bob"), eve = NewUser("eve");
        await Progress.SavePositionAsync("c", ShardId.Control, new(1, 5), 3, Cancel);
        await Progress.RecordEffectsAsync("c", [new(ada, 4)], Cancel);
        await Progress.ParkAsync([Parked("c", ada, 5), Parked("c", bob, 1), Parked("c", eve, 1), Parked("c", eve, 2)], Cancel);
        await Progress.PostponeAsync(Parked("c", bob, 1) with { Attempts = 2, NextAttempt = Noon.AddMinutes(2) }, Cancel);
        await Progress.ReleaseAsync(Parked("c", eve, 1), Noon, Cancel);
        await Progress.RetryParkedAsync("c", ada, Noon, Cancel);

        Progress = (await ReopenAsync())!;
        Assert.NotNull(Progress);

        Assert.Equal(new OutboxCursor(1, 5), await Progress.PositionAsync("c", ShardId.Control, Cancel));
        Assert.False(await Progress.SavePositionAsync("c", ShardId.Control, new(1, 6), 2, Cancel));
        Assert.Equal([new(4, true), new(0, true), new(1, true)], await Progress.ProgressAsync("c", [ada, bob, eve], Cancel));
        var left = await Progress.ParkedAsync(new ParkedQuery { Limit = 9 }, Cancel);
        Assert.Equal([(ada, 5L, 1, Noon), (bob, 1, 2, Noon.AddMinutes(2)), (eve, 2, 1, (DateTimeOffset?)Noon)],
            left.OrderBy(p => p.Event.Sequence == 5 ? 0 : p.Event.Sequence).Select(p => (p.Event.User, p.Event.Sequence, p.Attempts, p.NextAttempt)));
    }

    private UserId NewUser(string name) => changes.NewUserId($"{name}@example.org");

    private static ParkedEvent Parked(string consumer, UserId user, long sequence) => new()
    {
        Consumer = consumer,
        Event = new EventMessage(user, sequence, SignedUp.TypeName, System.Text.Encoding.UTF8.GetBytes($$"""{"n":{{sequence}}}""")),
        Reason = "The server said no: „Nein“.",
        Attempts = 1,
        Since = Noon,
        NextAttempt = Noon.AddMinutes(1),
    };

    private async Task<IEnumerable<long>> DoneAsync(string consumer, params UserId[] users) =>
        (await Progress.ProgressAsync(consumer, users, Cancel)).Select(known => known.Done);
}
