using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Storage.Sharding;

/// <summary>One shard of three cannot be reached.</summary>
public sealed class OutageTests
{
    private readonly Town town = new();
    private readonly List<Switch> shards = [];
    private readonly Town.Node node;

    public OutageTests() => node = town.NewNode(shard =>
    {
        shards.Add(new Switch());
        return shards[^1].Before(shard);
    });

    [Fact]
    public async Task A_change_whose_new_email_lies_in_a_dead_shard_has_not_happened()
    {
        var user = await RegisterAsync(town.Email(0));
        shards[1].IsDown = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.MoveAsync(user, town.Email(1)));
        Assert.IsType<WriteResult<User>.Done>(await node.RenameAsync(user, "Still here"));
        Assert.Equal(user, await town.OwnerAsync(town.Email(0)));
        shards[1].IsDown = false;
        Assert.Null(await town.OwnerAsync(town.Email(1)));
        Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(town.Email(1)));
        await town.CheckAsync();
    }

    [Fact]
    public async Task A_change_whose_old_email_lies_in_a_dead_shard_happens_and_is_settled_later()
    {
        var user = await RegisterAsync(town.Email(0));
        await node.MoveAsync(user, town.Email(1));
        shards[1].IsDown = true;
        Assert.IsType<WriteResult<User>.Done>(await node.MoveAsync(user, town.Email(0)));
        Assert.Equal(user, await town.OwnerAsync(town.Email(0)));
        shards[1].IsDown = false;
        Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(town.Email(1)));
        await town.CheckAsync();
    }

    [Fact]
    public async Task A_deletion_is_answered_only_once_the_email_is_free_again()
    {
        var user = await RegisterAsync(town.Email(0));
        await node.MoveAsync(user, town.Email(1));
        shards[1].IsDown = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.DeleteAsync(user));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.DeleteAsync(user));
        shards[1].IsDown = false;
        Assert.IsType<WriteResult<User>.Done>(await node.DeleteAsync(user));
        Assert.IsType<WriteResult<User>.NotFound>(await node.DeleteAsync(user));
        Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(town.Email(1)));
        await town.CheckAsync();
    }

    [Fact]
    public async Task Users_of_the_other_shards_notice_nothing()
    {
        var user = await RegisterAsync(town.Email(0));
        shards[2].IsDown = true;
        Assert.IsType<WriteResult<User>.Done>(await node.MoveAsync(user, town.Email(1)));
        Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(town.Email(0)));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => node.RegisterAsync(town.Email(2)));
        shards[2].IsDown = false;
        await town.CheckAsync();
    }

    [Fact]
    public async Task A_shard_that_hangs_is_the_only_one_in_trouble()
    {
        await using var store = new MemoryShards(3).Node(shard => shard.Shards[0].Value == 1 ? new Hanging(shard) : shard);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Equal(new ShardTrouble(new ShardId(1), "It did not answer in time."), Assert.Single(await store.CheckAsync(deadline.Token)));
    }

    private async Task<UserId> RegisterAsync(string email) =>
        Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(email)).State.Id;

    /// <summary>Switches a shard off: every call fails, and nothing happens.</summary>
    private sealed class Switch
    {
        public bool IsDown { get; set; }

        public IStore Before(IStore shard) => new WatchedStore(
            shard, () => IsDown ? throw new StoreUnavailableException("The shard cannot be reached.") : Task.CompletedTask);
    }

    private sealed class Hanging(IStore shard) : DelegatingStore(shard)
    {
        public override async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return [];
        }
    }
}
