using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Posts;

/// <summary>Every use case of posts beside those of users, over one store in memory; or over a decorator of it.</summary>
internal sealed class PostCases
{
    public PostCases(Func<IStore, IStore>? decorate = null)
    {
        var store = decorate?.Invoke(Users.Store) ?? Users.Store;
        var ids = new IdFactory(Users.Time);
        Replay = new PostReplay(store);
        var writer = new PostWriter(store, new WriteLoop(store), new EventRecorder(ids, Users.Time), Replay, Users.Time);
        Publish = new PublishPost(writer, ids);
        Change = new ChangePost(writer);
        Delete = new DeletePost(writer);
        Get = new GetPosts(store, new GetUsers(store));
    }

    public UseCases Users { get; } = new();

    public PostReplay Replay { get; }

    public PublishPost Publish { get; }

    public ChangePost Change { get; }

    public DeletePost Delete { get; }

    public GetPosts Get { get; }

    public static Post StateOf(WriteResult<Post> result) => Assert.IsType<WriteResult<Post>.Done>(result).State;

    public Task<User> AdaAsync() => Users.SignUpAsync("Ada", "ada@example.com");

    public ValueTask<WriteResult<Post>> PublishAsync(UserId author, string? text, IdempotencyKey? key = null, Caller? caller = null) =>
        Publish.HandleAsync(author, new(text), caller ?? UseCases.Key, key, UseCases.Cancellation);

    /// <summary>A post that was published, a second after the last one.</summary>
    public async Task<Post> PublishedAsync(User author, string text)
    {
        Users.Time.Advance(TimeSpan.FromSeconds(1));
        return StateOf(await PublishAsync(author.Id, text));
    }

    public ValueTask<WriteResult<Post>> EditAsync(
        Post post, string? text, IdempotencyKey? key = null, Caller? caller = null, Func<long, bool>? accepts = null) =>
        Change.HandleAsync(post.Id, new(text) { Accepts = accepts }, caller ?? UseCases.Key, key, UseCases.Cancellation);

    public ValueTask<WriteResult<Post>> DeleteAsync(
        Post post, IdempotencyKey? key = null, Caller? caller = null, Func<long, bool>? accepts = null) =>
        Delete.HandleAsync(post.Id, accepts, caller ?? UseCases.Key, key, UseCases.Cancellation);

    public async Task SuspendAsync(User user) =>
        UseCases.StateOf(await Users.Suspend.SuspendAsync(user.Id, UseCases.Key, null, UseCases.Cancellation));

    public async Task DeleteAsync(User user) =>
        UseCases.StateOf(await Users.Delete.HandleAsync(user.Id, null, UseCases.Key, null, UseCases.Cancellation));

    public async Task<Post?> NowAsync(PostId id) =>
        (await Users.Memory.PostAsync(id, ConsistencyToken.None, UseCases.Cancellation))?.State;

    public ValueTask<PartPage<Read<Post>>> PageAsync(UserId author, int limit, string? cursor = null, Caller? caller = null) =>
        Get.OfUserAsync(author, limit, cursor, caller ?? UseCases.Key, ConsistencyToken.None, UseCases.Cancellation);

    /// <summary>Asserts that user and posts are the fold of their events.</summary>
    public async Task AreTheFoldAsync(User author)
    {
        var events = await Users.EventsAsync(author);
        Assert.Equal(UserFold.Fold(events, author.Tenant), await Users.NowAsync(author));
        foreach (var (id, post) in PostFold.Fold(events, author.Tenant))
        {
            Assert.Equal(post, await NowAsync(id));
        }
    }
}
