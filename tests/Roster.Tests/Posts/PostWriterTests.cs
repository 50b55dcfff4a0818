using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

public sealed class PostWriterTests
{
    private readonly PostCases posts = new();

    [Fact]
    public async Task A_post_has_its_own_version_and_moves_its_authors_sequence_but_not_its_version()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        Assert.Equal((1, "Hello", ada.Id, ada.Tenant, ada.Id.Bucket), (post.Version, post.Text, post.User, post.Tenant, post.Id.Bucket));
        var edited = PostCases.StateOf(await posts.EditAsync(post, "Hello!"));
        Assert.Equal((2, "Hello!", post.CreatedAt), (edited.Version, edited.Text, edited.CreatedAt));
        Assert.True(edited.UpdatedAt > post.UpdatedAt);
        await posts.AreTheFoldAsync(ada);
        Assert.Equal(edited, PostCases.StateOf(await posts.DeleteAsync(edited)));
        Assert.Null(await posts.NowAsync(post.Id));
        var now = await posts.Users.NowAsync(ada);
        Assert.Equal((1, 4), (now.Version, now.Sequence));
        Assert.Equal([1, 1, 2, 3], (await posts.Users.EventsAsync(ada)).Select(e => e.Version));
        await posts.AreTheFoldAsync(ada);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_writes_nothing()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        var sent = posts.Users.Store.Sent.Count;
        Assert.Equal(post, PostCases.StateOf(await posts.EditAsync(post, "Hello")));
        Assert.Equal(post, PostCases.StateOf(await posts.EditAsync(post, null)));
        Assert.Equal(sent, posts.Users.Store.Sent.Count);
    }

    [Fact]
    public async Task A_lost_race_is_decided_again_on_the_newer_state()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        var first = posts.Users.Store.Sent.Count + 1;
        posts.Users.Store.Before = async attempt =>
        {
            if (attempt == first)
            {
                await posts.Users.RenameAsync(ada, "Ada L.");
            }
        };
        Assert.Equal(2, PostCases.StateOf(await posts.EditAsync(post, "Hello!")).Version);
        await posts.AreTheFoldAsync(ada);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_edit_around_the_read_of_the_author_is_never_overwritten_unseen(bool before)
    {
        Func<Task> meddle = () => Task.CompletedTask;
        var meddled = new PostCases(store => new MeddledStore(store, before, () => meddle()));
        var ada = await meddled.AdaAsync();
        var post = await meddled.PublishedAsync(ada, "Hello");
        var rival = new PostWriter(
            meddled.Users.Memory, new WriteLoop(meddled.Users.Memory), new(new(meddled.Users.Time), meddled.Users.Time), new(meddled.Users.Memory), meddled.Users.Time);
        meddle = async () =>
        {
            meddle = () => Task.CompletedTask;
            await rival.ChangeAsync(
                post.Id, UseCases.Key, null, 200, (_, _) => PostWriter.Decision.Of(new PostEdited(post.Id, "Rival")), UseCases.Cancellation);
        };
        Assert.Equal(
            new WriteResult<Post>.VersionMismatch(2), await meddled.EditAsync(post, "Mine", accepts: version => version == 1));
        Assert.Equal("Rival", (await meddled.NowAsync(post.Id))!.Text);
        await meddled.AreTheFoldAsync(ada);
    }

    [Fact]
    public async Task Endless_contention_ends_in_a_sentence()
    {
        var ada = await posts.AdaAsync();
        posts.Users.Store.Always = ChangeOutcome.Stale;
        await Assert.ThrowsAsync<StoreBusyException>(async () => await posts.PublishAsync(ada.Id, "Hello"));
    }

    [Fact]
    public async Task The_suspended_may_only_delete()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        await posts.SuspendAsync(ada);
        Assert.IsType<WriteResult<Post>.Conflict>(await posts.PublishAsync(ada.Id, "More"));
        Assert.IsType<WriteResult<Post>.Conflict>(await posts.EditAsync(post, "More"));
        Assert.Equal(post, PostCases.StateOf(await posts.DeleteAsync(post)));
    }

    [Fact]
    public async Task Nothing_can_be_posted_by_the_unknown_or_the_deleted()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        await posts.DeleteAsync(ada);
        foreach (var result in (WriteResult<Post>[])
        [
            await posts.PublishAsync(ada.Id, "More"), await posts.EditAsync(post, "More"), await posts.DeleteAsync(post),
            await posts.PublishAsync(Streams.Ada, "More"), await posts.EditAsync(post with { Id = new PostId(Streams.Ada.Value) }, "More"),
        ])
        {
            Assert.IsType<WriteResult<Post>.NotFound>(result);
        }
    }

    [Fact]
    public async Task Another_tenants_posts_and_those_beyond_reach_are_not_found()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        var eve = await posts.Users.SignUpAsync("Eve", "eve@example.com");
        foreach (var caller in (Caller[])[UseCases.Stranger, UseCases.Key with { Only = eve.Id }])
        {
            Assert.IsType<WriteResult<Post>.NotFound>(await posts.PublishAsync(ada.Id, "More", caller: caller));
            Assert.IsType<WriteResult<Post>.NotFound>(await posts.EditAsync(post, "More", caller: caller));
            Assert.IsType<WriteResult<Post>.NotFound>(await posts.DeleteAsync(post, caller: caller));
        }

        Assert.Equal(post, await posts.NowAsync(post.Id));
        var herself = UseCases.Key with { Only = ada.Id };
        Assert.Equal(2, PostCases.StateOf(await posts.EditAsync(post, "More", caller: herself)).Version);
        PostCases.StateOf(await posts.PublishAsync(ada.Id, "More", caller: herself));
    }

    /// <summary>Lets something happen before or after every read of a user.</summary>
    private sealed class MeddledStore(IStore inner, bool before, Func<Task> meddle) : DelegatingStore(inner)
    {
        public override async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
            IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
        {
            await (before ? meddle() : Task.CompletedTask);
            var read = await Inner.UsersAsync(ids, after, cancellation);
            await (before ? Task.CompletedTask : meddle());
            return read;
        }
    }
}
