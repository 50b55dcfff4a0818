using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Requests;

public sealed class WriteLoopTests : IAsyncDisposable
{
    private readonly UseCases users = new();
    private readonly CrowdedStore store;
    private readonly UserWriter writer;

    public WriteLoopTests()
    {
        store = new CrowdedStore(users.Memory);
        writer = new UserWriter(store, new WriteLoop(store), users.Placement, new(new(users.Time), users.Time), new(store), users.Time);
    }

    public ValueTask DisposeAsync() => store.DisposeAsync();

    [Fact]
    public async Task A_crowd_that_changes_one_user_takes_turns_instead_of_racing_for_each_change()
    {
        const int Crowd = 100;
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(n => Task.Run(() => RenameAsync(ada, n), UseCases.Cancellation)));
        Assert.Equal(Crowd + 1, (await users.NowAsync(ada)).Version);

        // One that may lose for each, and one in line; racing would take half of the square.
        Assert.InRange(store.Commits, Crowd, 2.5 * Crowd);
    }

    [Fact]
    public async Task Whoever_would_stand_in_a_line_that_is_too_long_is_told_at_once()
    {
        const int Crowd = 200;
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(UseCases.Cancellation);
        store.IsStale = true;
        List<Task> crowd = [.. Enumerable.Range(0, Crowd).Select(n => Task.Run(() => RenameAsync(ada, n, stop.Token), UseCases.Cancellation))];

        // Those at the head of the line lose again and again, 200 times; nobody else waits for that.
        for (var refused = 0; refused < Crowd - 128; refused++)
        {
            var first = await Task.WhenAny(crowd);
            await Assert.ThrowsAsync<StoreBusyException>(() => first);
            crowd.Remove(first);
        }

        // Whoever leaves makes room.
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(crowd));
        store.IsStale = false;
        await RenameAsync(ada, Crowd);
        Assert.Equal(2, (await users.NowAsync(ada)).Version);
    }

    private async Task RenameAsync(User user, int number, CancellationToken? cancellation = null) =>
        Assert.IsType<WriteResult<User>.Done>(await writer.ChangeAsync(
            user.Id, UseCases.Key, null, 200, _ => UserWriter.Decision.Of(new ProfileChanged($"Ada {number}", null)), cancellation ?? UseCases.Cancellation));

    /// <summary>Commits take a moment, as a database's do; or all of them lose.</summary>
    private sealed class CrowdedStore(IStore inner) : DelegatingStore(inner)
    {
        private int commits;

        public int Commits => commits;

        public bool IsStale { get; set; }

        public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellation)
        {
            Interlocked.Increment(ref commits);
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
            return IsStale ? [.. changes.Select(_ => new ChangeResult(ChangeOutcome.Stale, ConsistencyToken.None))] : await Inner.CommitAsync(changes, cancellation);
        }
    }
}
