using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Storage.Sharding;
using Roster.Core.Text;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Three shards, the use cases of any number of nodes over them, and what has to be true in the end.</summary>
internal sealed class Town
{
    private const int ShardCount = 3;
    private readonly Placement placement = new(new byte[Placement.SecretLength]);
    private readonly MemoryShards shards = new(ShardCount);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>E-mail <paramref name="number"/> of those that lie in a shard.</summary>
    public string Email(int shard, int number = 0) => Enumerable.Range(0, 10_000).Select(i => $"e{i}@example.org")
        .Where(email => shards.Map.Owners[ClaimOf(email).Bucket.Value].Value == shard).ElementAt(number);

    /// <summary>A node's use cases.</summary>
    /// <param name="decorate">What stands between the node and each shard.</param>
    public Node NewNode(Func<IStore, IStore>? decorate = null) => new(shards.Node(decorate), placement);

    /// <summary>Ends what was left half way, then reads every shard: each e-mail has one owner, each claim a user, and no intent is left.</summary>
    public async Task CheckAsync()
    {
        var node = shards.Node();
        await new IntentSweep(node).RunToEndAsync(Cancel);
        foreach (var shard in node.Shards)
        {
            Assert.Empty(await node.UnsettledAsync(shard, 100, Cancel));
        }

        var ledgers = await new ShardedRebuild(shards.Map, shards.Engines).LedgersAsync(null, 1000, Cancel);
        foreach (var ledger in ledgers)
        {
            Assert.Equal(UserFold.Fold(ledger.Events, TenantId.Default), ledger.State);
            ClaimKey[] own = ledger.State is { Exists: true } user ? [ClaimOf(user.Email)] : [];
            Assert.Equal(own, ledger.Claims);
        }

        var emails = ledgers.Where(l => l.State is { Exists: true }).Select(l => l.State!.EmailKey).ToList();
        Assert.Equal(emails.Distinct().Count(), emails.Count);
    }

    /// <summary>A user's stream.</summary>
    public ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(UserId user) =>
        shards.Node().HistoryAsync(user, 0, 1000, ConsistencyToken.None, Cancel);

    /// <summary>Who has an e-mail.</summary>
    public async Task<UserId?> OwnerAsync(string email) =>
        (await shards.Node().UserByEmailAsync(ClaimOf(email), ConsistencyToken.None, Cancel))?.State.Id;

    private ClaimKey ClaimOf(string email)
    {
        Assert.True(EmailAddress.TryParse(email, out var parsed, out _));
        return new ClaimKey(placement.BucketOf(TenantId.Default, parsed.Key), TenantId.Default, parsed.Key);
    }

    internal sealed class Node(IStore store, Placement placement)
    {
        private static readonly IdFactory Ids = new(TimeProvider.System);
        private static readonly EventRecorder Recorder = new(Ids, TimeProvider.System);
        private readonly UserReplay replay = new(store);
        private readonly WriteLoop loop = new(store);

        public async Task<WriteResult<User>> RegisterAsync(string email) =>
            await new RegisterUser(loop, placement, Ids, Recorder, replay).HandleAsync(
                new("Somebody", email, null), Caller.System, null, Cancel);

        public async Task<WriteResult<User>> MoveAsync(UserId user, string email, string? key = null) =>
            await new ChangeUser(Writer).HandleAsync(
                user, new() { Email = email }, Caller.System, key is null ? null : IdempotencyKey.Of(key, "PATCH", $"/users/{user}", default), Cancel);

        public async Task<WriteResult<User>> RenameAsync(UserId user, string name) =>
            await new ChangeUser(Writer).HandleAsync(user, new() { Name = name }, Caller.System, null, Cancel);

        public async Task<WriteResult<User>> DeleteAsync(UserId user) =>
            await new DeleteUser(Writer, store).HandleAsync(user, null, Caller.System, null, Cancel);

        private UserWriter Writer => new(store, loop, placement, Recorder, replay, TimeProvider.System);
    }
}
