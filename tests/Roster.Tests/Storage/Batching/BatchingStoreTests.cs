using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Storage.Batching;

/// <summary>What batching adds in front of a store; that it is a store at all is the suite's to prove.</summary>
public sealed class BatchingStoreTests : IAsyncDisposable
{
    private readonly Changes changes = new();
    private readonly GatedStore gated = new(new MemoryStore(SuiteEncoders.All));

    public ValueTask DisposeAsync() => gated.DisposeAsync();

    [Fact]
    public async Task A_second_change_of_a_user_waits_for_the_first_and_then_succeeds()
    {
        var store = new BatchingStore(gated, new BatchingOptions { MaxInFlight = 4 });
        var register = changes.Register("Ada", "ada@example.org");
        var rename = changes.Rename(register.Next!, "Ada L.");
        var both = new[] { store.CommitAsync([register], default).AsTask(), store.CommitAsync([rename], default).AsTask() };
        Assert.Equal([1], gated.Sizes);

        gated.Open();
        Assert.All(await Task.WhenAll(both), result => Assert.Equal(ChangeOutcome.Committed, result[0].Outcome));
        Assert.Equal([1, 1], gated.Sizes);
    }

    [Fact]
    public async Task Readers_share_one_read_and_ask_for_an_id_once()
    {
        gated.Open();
        var store = new BatchingStore(gated, new BatchingOptions());
        var (ada, bob) = (changes.Register("Ada", "ada@example.org"), changes.Register("Bob", "bob@example.org"));
        await store.CommitAsync([ada, bob], default);
        gated.Close();

        UserId[][] asked = [[ada.User], [bob.User, ada.User], [ada.User], [ada.User, bob.User, new UserId(default)]];
        var reads = asked.Select(ids => store.UsersAsync(ids, ConsistencyToken.None, default).AsTask()).ToArray();
        gated.Open();

        var found = (await Task.WhenAll(reads)).Select(read => string.Join(' ', read.Select(u => u?.State.Name ?? "nobody")));
        Assert.Equal(["Ada", "Bob Ada", "Ada", "Ada Bob nobody"], found);
        Assert.Equal([2, 1, 3], gated.Sizes);
    }

    [Fact]
    public async Task A_shared_read_covers_everybodys_token()
    {
        var store = new BatchingStore(gated, new BatchingOptions());
        var tokens = Enumerable.Range(1, 4).Select(i => ConsistencyToken.Of(new Position(new ShardId(i % 2), 7, i)));
        var reads = tokens.Select(t => store.UsersAsync([new UserId(default)], t, default).AsTask()).ToArray();
        gated.Open();
        await Task.WhenAll(reads);
        Assert.Equal([new Position(new ShardId(0), 7, 4), new Position(new ShardId(1), 7, 3)], gated.Tokens[^1].Positions);
    }

    /// <summary>Lets batches through while it is open, and notes them.</summary>
    private sealed class GatedStore(IStore inner) : DelegatingStore(inner)
    {
        private TaskCompletionSource gate = New();

        public List<int> Sizes { get; } = [];

        public List<ConsistencyToken> Tokens { get; } = [];

        public void Open() => gate.SetResult();

        public void Close() => gate = New();

        public override async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
            IReadOnlyList<Change> changes, CancellationToken cancellation)
        {
            Sizes.Add(changes.Count);
            await gate.Task;
            return await base.CommitAsync(changes, cancellation);
        }

        public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
            IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
        {
            Sizes.Add(ids.Count);
            Tokens.Add(after);
            await gate.Task;
            return await base.UsersAsync(ids, after, cancellation);
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
