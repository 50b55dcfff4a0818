using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class ControlStoreConformance
{
    [Fact]
    public async Task The_first_candidate_of_a_secret_is_kept_for_ever()
    {
        byte[] first = [1, 2, 0, 255], second = [9];
        Assert.Equal(first, await Control.SecretAsync("a", first, Cancel));
        Assert.Equal(first, await Control.SecretAsync("a", second, Cancel));
        Assert.Equal(second, await Control.SecretAsync("b", second, Cancel));
    }

    [Fact]
    public async Task Callers_that_race_for_a_secret_get_the_same_one()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(async () => Convert.ToHexString(await Control.SecretAsync("raced", new byte[] { (byte)i }, Cancel)))));
        Assert.Single(answers.Distinct());
    }

    [Fact]
    public async Task Keys_are_kept_whole_until_they_are_revoked()
    {
        var expired = KeyOf("expired") with { ExpiresAt = Noon.AddYears(-1), Scopes = [] };
        Assert.True(await Control.AddKeyAsync(KeyOf("one"), Cancel));
        Assert.True(await Control.AddKeyAsync(expired, Cancel));
        AssertKeys([expired, KeyOf("one")], await Control.KeysAsync(Cancel));

        Assert.True(await Control.RevokeKeyAsync("one", Cancel));
        AssertKeys([expired], await Control.KeysAsync(Cancel));
        Assert.False(await Control.RevokeKeyAsync("none", Cancel));
    }

    [Fact]
    public async Task A_keys_id_is_used_once_even_after_it_was_revoked()
    {
        Assert.True(await Control.AddKeyAsync(KeyOf("one"), Cancel));
        Assert.False(await Control.AddKeyAsync(KeyOf("one") with { Name = "Other" }, Cancel));
        AssertKeys([KeyOf("one")], await Control.KeysAsync(Cancel));
        await Control.RevokeKeyAsync("one", Cancel);
        Assert.False(await Control.AddKeyAsync(KeyOf("one"), Cancel));
        Assert.Empty(await Control.KeysAsync(Cancel));
    }

    [Fact]
    public async Task The_shard_map_moves_one_epoch_at_a_time()
    {
        Assert.Null(await Control.ShardMapAsync(Cancel));
        Assert.False(await Control.ReplaceShardMapAsync(MapOf(2), Cancel));
        Assert.True(await Control.ReplaceShardMapAsync(MapOf(1), Cancel));
        Assert.False(await Control.ReplaceShardMapAsync(MapOf(1, owner: 7), Cancel));
        Assert.False(await Control.ReplaceShardMapAsync(MapOf(3), Cancel));
        AssertMap(MapOf(1), await Control.ShardMapAsync(Cancel));
        Assert.True(await Control.ReplaceShardMapAsync(MapOf(2, owner: 7), Cancel));
        AssertMap(MapOf(2, owner: 7), await Control.ShardMapAsync(Cancel));
    }

    [Fact]
    public async Task Of_racing_shard_maps_one_wins()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(async () => await Control.ReplaceShardMapAsync(MapOf(1, owner: i), Cancel))));
        AssertMap(MapOf(1, owner: Array.IndexOf(won, true)), await Control.ShardMapAsync(Cancel));
        Assert.Single(won, w => w);
    }

    [Fact]
    [Proves("Every write must be durable when its task ends.")]
    public async Task A_reopened_control_store_has_everything()
    {
        if (WhyNotReopened is { } reason)
        {
            Assert.Skip(reason);
        }

        await Control.SecretAsync("s", new byte[] { 1 }, Cancel);
        await Control.AddKeyAsync(KeyOf("one"), Cancel);
        await Control.AddKeyAsync(KeyOf("two"), Cancel);
        await Control.RevokeKeyAsync("two", Cancel);
        await Control.ReplaceShardMapAsync(MapOf(1), Cancel);
        var lease = await Control.AcquireLeaseAsync("l", "a", Noon, Minute, Cancel);

        Control = (await ReopenAsync())!;
        Assert.NotNull(Control);

        Assert.Equal([1], await Control.SecretAsync("s", new byte[] { 2 }, Cancel));
        AssertKeys([KeyOf("one")], await Control.KeysAsync(Cancel));
        AssertMap(MapOf(1), await Control.ShardMapAsync(Cancel));
        Assert.Null(await Control.AcquireLeaseAsync("l", "b", Noon, Minute, Cancel));
        Assert.True((await Control.AcquireLeaseAsync("l", "b", Noon + (2 * Minute), Minute, Cancel))!.Fence > lease!.Fence);
    }

    private static ApiKey KeyOf(string id) => new()
    {
        Id = id,
        Tenant = new TenantId("some"),
        Name = "Name of " + id,
        Scopes = ["users:read", "users:write"],
        SecretHash = Idempotent.KeyOf(id),
        CreatedAt = Noon,
    };

    private static ShardMap MapOf(long epoch, int owner = 0) =>
        new(epoch, [.. Enumerable.Range(0, BucketId.Count).Select(b => new ShardId(b == 17 ? owner : b % 3))]);

    /// <summary>Field by field: lists inside records are compared by reference otherwise.</summary>
    private static void AssertKeys(IEnumerable<ApiKey> expected, IEnumerable<ApiKey> actual) => Assert.Equal(
        expected.Select(Flat), actual.OrderBy(k => k.Id, StringComparer.Ordinal).Select(Flat));

    private static object Flat(ApiKey k) =>
        (k.Id, k.Tenant, k.Name, string.Join(' ', k.Scopes), k.SecretHash, k.CreatedAt, k.ExpiresAt);

    private static void AssertMap(ShardMap expected, ShardMap? actual)
    {
        Assert.Equal(expected.Epoch, actual?.Epoch);
        Assert.Equal(expected.Owners, actual!.Owners);
    }
}
