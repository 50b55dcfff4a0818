using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task Users_come_in_the_order_asked_for_repeated_and_missing_ones_too()
    {
        var ada = await RegisterAsync("Ada");
        var bob = await RegisterAsync("Bob");
        var nobody = Changes.NewUserId("nobody@example.org");
        var found = await Store.UsersAsync([bob.Id, nobody, ada.Id, bob.Id, new UserId(Guid.Empty)], Any, Cancel);
        Assert.Equal([bob, null, ada, bob, null], found.Select(u => u?.State));
        Assert.Empty(await Store.UsersAsync([], Any, Cancel));
    }

    [Fact]
    public async Task Posts_come_in_the_order_asked_for_repeated_and_missing_ones_too()
    {
        var ada = await RegisterAsync("Ada");
        (ada, var one) = await PublishAsync(ada, "One");
        (ada, var two) = await PublishAsync(ada, "Two");
        var missing = new PostId(Changes.NewUserId("nobody@example.org").Value);
        var found = await Store.PostsAsync([two.Id, missing, one.Id, two.Id], Any, Cancel);
        Assert.Equal([two, null, one, two], found.Select(p => p?.State));
        Assert.Empty(await Store.PostsAsync([], Any, Cancel));
    }

    [Fact]
    public async Task Tombstones_are_read_by_id()
    {
        var ada = await RegisterAsync("Ada");
        var tombstone = await CommitAsync(Changes.Delete(ada));
        Assert.Equal(UserStatus.Deleted, tombstone.Status);
        Assert.Equal(tombstone, await FindAsync(ada.Id));
    }

    [Fact]
    public async Task A_read_carries_the_body_that_the_encoder_makes()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        (ada, var post) = await PublishAsync(ada, "Hello");
        var body = SuiteEncoders.All.User(ada).ToArray();
        Assert.Equal(body, (await Store.UsersAsync([ada.Id], Any, Cancel))[0]!.Body.ToArray());
        Assert.Equal(body, (await Store.UserByEmailAsync(Changes.ClaimOf("ada@example.org"), Any, Cancel))!.Body.ToArray());
        Assert.Equal(body, (await Store.ListAsync(Everyone(10), Any, Cancel))[0].Body.ToArray());
        var text = SuiteEncoders.All.Post(post).ToArray();
        Assert.Equal(text, (await Store.PostsAsync([post.Id], Any, Cancel))[0]!.Body.ToArray());
        Assert.Equal(text, (await Store.NewestPostsAsync([new(ada.Id, null)], 1, Any, Cancel))[0][0].Body.ToArray());
    }

    [Fact]
    [Proves("The read must include everything the token covers.")]
    [Proves("What a client must be able to read: at most one position per shard.")]
    public async Task A_read_with_a_token_includes_its_commit_and_is_as_of_the_commit_before_or_later()
    {
        var change = Changes.Register("Ada", "ada@example.org");
        var before = 0L;
        for (var i = 0; i < 20; i++)
        {
            var position = (await TryAsync(change)).AsOf.Positions[0];
            var token = ConsistencyToken.Of(position);
            Read<User>?[] reads =
            [
                (await Store.UsersAsync([change.User], token, Cancel))[0],
                await Store.UserByEmailAsync(Changes.ClaimOf("ada@example.org"), token, Cancel),
                (await Store.ListAsync(Everyone(1), token, Cancel))[0],
            ];
            Assert.All(reads, read =>
            {
                Assert.Equal(change.Next, read?.State);
                Assert.Equal((position.Shard, position.Timeline), (read!.AsOf.Shard, read.AsOf.Timeline));
                Assert.True(read.AsOf.Value >= before, $"as of {read.AsOf}, token {position}, the one before {before}");
            });
            before = position.Value;
            change = Changes.Rename(change.Next!, $"Ada {i}");
        }
    }

    [Fact]
    public async Task A_position_read_earlier_is_covered_by_every_later_one()
    {
        var ada = await RegisterAsync("Ada");
        var before = (await Store.UsersAsync([ada.Id], Any, Cancel))[0]!.AsOf;
        var committed = (await TryAsync(Changes.Rename(ada, "Ada L."))).AsOf.Positions[0];
        Assert.True(before.Value < committed.Value, $"read as of {before}, but {committed} came later");
    }

    [Fact]
    public async Task Every_field_comes_back_as_it_was_written()
    {
        var ada = await RegisterAsync("Ада 👩‍💻 \"q\" \\ \u0001 O'Neill; --", "o'dd+name@example.org");
        ada = await CommitAsync(Changes.SetAttributes(ada, """{"a":[1,2.5,null,true],"ü":{"z":"'\u0000'"}}"""));
        ada = await CommitAsync(Changes.Suspend(ada));
        ada = await CommitAsync(Changes.Reactivate(ada));
        (ada, var post) = await PublishAsync(ada, new string('é', 10_000));
        Assert.Equal(ada, await FindAsync(ada.Id));
        Assert.Equal(post, await FindPostAsync(post.Id));
        Assert.Equal(ada, UserFold.Fold(await HistoryAsync(ada.Id), ada.Tenant));
        Assert.Equal(post, PostFold.Fold(await HistoryAsync(ada.Id), ada.Tenant)[post.Id]);
    }

    [Fact]
    public async Task A_healthy_store_has_no_trouble() => Assert.Empty(await Store.CheckAsync(Cancel));

    private static UserQuery Everyone(int limit) => new() { Tenant = TenantId.Default, Limit = limit };

    private async Task<IReadOnlyList<RecordedEvent>> HistoryAsync(UserId user) =>
        await Store.HistoryAsync(user, 0, 1000, Any, Cancel);

    [Fact]
    [Proves("A token for what was shown: it must cover everything that reads of the latest state of the bucket's shard have returned until now.")]
    public async Task A_token_for_what_was_shown_covers_the_commits_before_it()
    {
        var change = Changes.Register("Ada", "ada@example.org");
        for (var i = 0; i < 10; i++)
        {
            var written = (await TryAsync(change)).AsOf.Positions[0];
            await Store.UsersAsync([change.User], ConsistencyToken.Latest, Cancel);
            var seen = (await Store.SeenAsync(change.User.Bucket, Cancel)).On(written.Shard)!.Value;
            Assert.Equal(written.Timeline, seen.Timeline);
            Assert.True(seen.Value >= written.Value, $"written at {written}, seen {seen}");
            change = Changes.Rename(change.Next!, $"Ada {i}");
        }
    }
}
