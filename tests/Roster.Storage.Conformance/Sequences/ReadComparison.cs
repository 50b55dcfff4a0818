using System.Text;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Sequences;

/// <summary>Puts one question to the store and to the model.</summary>
internal sealed class ReadComparison(
    IStore store, IStore model, Changes changes, IReadOnlyList<UserId> users, IReadOnlyList<Post> posts)
{
    private static readonly ConsistencyToken Any = ConsistencyToken.None;
    private static readonly string[] Prefixes = ["", "z", "zo", "zoe", "日", "日本語", "a", "ann", "none"];

    public Task CompareAsync(Step step, CancellationToken cancel) => step.Kind switch
    {
        StepKind.Users => SameAsync(async s => (await s.UsersAsync(Ids(step), Any, cancel)).Select(Of)),
        StepKind.Posts => SameAsync(async s => (await s.PostsAsync([.. posts.Skip(step.What / 2).Select(p => p.Id)], Any, cancel)).Select(Of)),
        StepKind.Newest => SameAsync(async s => (await s.NewestPostsAsync(Authors(step), 1 + (step.Key % 3), Any, cancel))
            .Select(author => author.Select(Of).ToList())),
        StepKind.ByEmail => SameAsync(async s => Of(
            await s.UserByEmailAsync(changes.ClaimOf($"pool{step.What % 6}@example.org"), Any, cancel))),
        StepKind.List => SameAsync(s => PagesAsync(s, step, cancel)),
        StepKind.History => SameAsync(async s => await s.HistoryAsync(One(step), step.What / 3, 1 + step.Key, Any, cancel)),
        StepKind.Past => SameAsync(async s => Past(await s.PastStateAsync(One(step), When(step), Any, cancel))),
        StepKind.Outcome => SameAsync(async s => await s.OutcomeAsync(
            One(step).Bucket, Idempotent.Principal, Idempotent.KeyOf($"k{step.Key % Step.Keys}"), cancel)),
        _ => SameAsync(async s => (await s.OutboxAsync(s.Shards[step.Who % s.Shards.Count], default, 1 + (step.What * 10), cancel))
            .Entries.Select(e => (e.Tenant, e.Event))),
    };

    private async Task SameAsync<T>(Func<IStore, Task<T>> ask) => Assert.Equal(await ask(model), await ask(store));

    /// <summary>Every page of a list, in small pages.</summary>
    private static async Task<List<(User?, string)>> PagesAsync(IStore store, Step step, CancellationToken cancel)
    {
        var prefix = step.What < Prefixes.Length ? FoldedName.Of(Prefixes[step.What]) : null;
        var query = new UserQuery
        {
            Tenant = TenantId.Default,
            Limit = 1 + (step.Key % 4),
            Status = step.Who < 3 ? (UserStatus)step.Who : null,
            NamePrefix = prefix is null ? (ReadOnlyMemory<byte>?)null : prefix,
        };
        List<(User?, string)> all = [];
        for (var pages = 0; pages < 200; pages++)
        {
            var page = await store.ListAsync(query, Any, cancel);
            all.AddRange(page.Select(Of));
            if (page.Count < query.Limit)
            {
                return all;
            }

            var last = page[^1].State;
            query = query with { After = new UserListKey(last.Id, prefix is null ? default : FoldedName.Of(last.Name)) };
        }

        throw new InvalidOperationException("The pages do not end.");
    }

    private UserId One(Step step) => users.Count > 0 ? users[step.Who % users.Count] : changes.NewUserId("nobody@example.org");

    /// <summary>Some users, one of them twice, and one that is not there.</summary>
    private List<UserId> Ids(Step step) => [.. users.Skip(step.What / 2), One(step), changes.NewUserId("nobody@example.org")];

    private List<PostsOf> Authors(Step step) => [.. Ids(step).Select((id, i) =>
        new PostsOf(id, i % 2 == 0 || posts.Count == 0 ? null : posts[step.What % posts.Count].CreatedAt))];

    private PastState When(Step step) => step.Key % 2 == 0
        ? PastState.OfVersion(step.What / 2)
        : PastState.AtTime(Changes.Start.AddMilliseconds(step.What * 3).AddMicroseconds(step.Key - 5));

    private static (User?, string) Of(Read<User>? read) => (read?.State, BodyOf(read));

    private static (Post?, string) Of(Read<Post>? read) => (read?.State, BodyOf(read));

    private static User? Past(Read<User>? read) =>
        read is null ? null : read.State with { Sequence = 0, LastEventAt = default };

    private static string BodyOf<T>(Read<T>? read)
        where T : class => read is null ? "" : Encoding.UTF8.GetString(read.Body.Span);
}
