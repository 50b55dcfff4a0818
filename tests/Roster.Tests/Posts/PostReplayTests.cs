using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

public sealed class PostReplayTests
{
    private static readonly IdempotencyKey Key = UseCases.KeyOf("k");
    private readonly PostCases posts = new();

    [Fact]
    public async Task A_repeated_publishing_gets_the_first_answer_after_edit_deletion_and_the_authors_end()
    {
        var ada = await posts.AdaAsync();
        var first = PostCases.StateOf(await posts.PublishAsync(ada.Id, "Hello", Key));
        IsReplay(first, await posts.PublishAsync(ada.Id, "Hello", Key));
        await posts.EditAsync(first, "Edited");
        IsReplay(first, await posts.PublishAsync(ada.Id, "Hello", Key));
        await posts.DeleteAsync(first);
        IsReplay(first, await posts.PublishAsync(ada.Id, "Hello", Key));
        await posts.SuspendAsync(ada);
        IsReplay(first, await posts.PublishAsync(ada.Id, "Hello", Key));
        await posts.DeleteAsync(ada);
        IsReplay(first, await posts.PublishAsync(ada.Id, "Hello", Key));
        Assert.Single(await posts.Users.EventsAsync(ada), e => e.What is PostPublished);
    }

    [Theory]
    [InlineData("Edited")]
    [InlineData("Hello")]
    public async Task A_repeated_edit_gets_the_first_answer_even_when_it_changed_nothing(string text)
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        var first = PostCases.StateOf(await posts.EditAsync(post, text, Key, accepts: version => version == 1));
        await posts.EditAsync(post, "Later");
        IsReplay(first, await posts.EditAsync(post, text, Key, accepts: version => version == 1));
        await posts.DeleteAsync(post);
        IsReplay(first, await posts.EditAsync(post, text, Key, accepts: version => version == 1));
        await posts.DeleteAsync(ada);
        IsReplay(first, await posts.EditAsync(post, text, Key, accepts: version => version == 1));
    }

    [Fact]
    public async Task A_repeated_deletion_gets_the_first_answer_and_a_new_one_finds_nothing()
    {
        var ada = await posts.AdaAsync();
        var post = await posts.PublishedAsync(ada, "Hello");
        Assert.Equal(post, PostCases.StateOf(await posts.DeleteAsync(post, Key)));
        IsReplay(post, await posts.DeleteAsync(post, Key));
        Assert.IsType<WriteResult<Post>.NotFound>(await posts.DeleteAsync(post, UseCases.KeyOf("other")));
        await posts.DeleteAsync(ada);
        IsReplay(post, await posts.DeleteAsync(post, Key));
    }

    [Fact]
    public async Task A_key_is_good_for_one_request_only()
    {
        var ada = await posts.AdaAsync();
        var post = PostCases.StateOf(await posts.PublishAsync(ada.Id, "Hello", Key));
        Assert.IsType<WriteResult<Post>.KeyReused>(await posts.PublishAsync(ada.Id, "Bye", UseCases.KeyOf("k", "other")));
        Assert.IsType<WriteResult<Post>.KeyReused>(await posts.EditAsync(post, "Bye", UseCases.KeyOf("k", "other")));
        Assert.IsType<WriteResult<User>.KeyReused>(await posts.Users.RenameAsync(ada, "Bye", UseCases.KeyOf("k", "other")));
    }

    [Fact]
    public async Task An_old_post_in_a_long_stream_is_found_by_halving()
    {
        var counting = new HistoryCounter(posts.Users.Memory);
        var (ada, post) = await LongStreamAsync(publishAt: 4_000, length: 9_000, idMadeAfter: TimeSpan.Zero);
        IsReplay(post, await new PostReplay(counting).FindAsync(ada.Bucket, UseCases.Key, Key, UseCases.Cancellation));
        Assert.InRange(counting.Calls, 2, 10);
        Assert.InRange(counting.Events, 2, 1_100);
    }

    [Fact]
    public async Task A_post_whose_clock_went_back_is_found_too()
    {
        var (ada, post) = await LongStreamAsync(publishAt: 4_000, length: 9_000, idMadeAfter: TimeSpan.FromHours(1));
        IsReplay(post, await posts.Replay.FindAsync(ada.Bucket, UseCases.Key, Key, UseCases.Cancellation));
    }

    private static void IsReplay(Post first, WriteResult<Post>? result)
    {
        var again = Assert.IsType<WriteResult<Post>.Done>(result);
        Assert.True(again.Replayed);
        Assert.Equal(first, again.State);
        Assert.NotEmpty(again.AsOf.Positions);
    }

    /// <summary>A stream of suspensions, an event a second, with one post in it that was edited and removed at once.</summary>
    private async Task<(UserId Author, Post Published)> LongStreamAsync(int publishAt, int length, TimeSpan idMadeAfter)
    {
        var at = Streams.Start.AddSeconds(publishAt) + idMadeAfter;
        var id = new PostId(IdLayout.Compose(at.ToUnixTimeMilliseconds(), Streams.Ada.Bucket, 1));
        User? user = null;
        Post? post = null;
        Post? published = null;
        for (var n = 1; n <= length; n++)
        {
            DomainEvent what = n == 1 ? Streams.AdaSignsUp
                : n == publishAt ? new PostPublished(id, "Hello")
                : n == publishAt + 1 ? new PostEdited(id, "Edited")
                : n == publishAt + 2 ? new PostDeleted(id)
                : n % 2 == 0 ? new Suspended() : new Reactivated();
            var recorded = Streams.Recorded(n, what, what is PostEvent ? n - publishAt + 1 : n);
            var next = UserFold.Apply(user, recorded, TenantId.Default);
            post = what is PostEvent ? PostFold.Apply(post, recorded, TenantId.Default) : post;
            published ??= post;
            var change = new Change
            {
                User = Streams.Ada,
                ExpectedSequence = n - 1,
                Next = next,
                Events = [recorded],
                Posts = what is PostEvent ? [new PostWrite(id, post)] : [],
                Idempotency = n == publishAt ? Key.RecordOf(UseCases.Key, Streams.Ada, 1, 201, recorded.At, id) : null,
            };
            Assert.Equal(ChangeOutcome.Committed, (await posts.Users.Memory.CommitAsync(change, UseCases.Cancellation)).Outcome);
            user = next;
        }

        return (Streams.Ada, published!);
    }

    private sealed class HistoryCounter(IStore inner) : DelegatingStore(inner)
    {
        public int Calls { get; private set; }

        public int Events { get; private set; }

        public override async ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
            UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation)
        {
            var events = await Inner.HistoryAsync(user, afterSequence, limit, after, cancellation);
            Calls++;
            Events += events.Count;
            return events;
        }
    }
}
