using System.Runtime.CompilerServices;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>Proves that every state is the fold of its events, over the whole store, or makes it so.</summary>
public sealed class RebuildUsers(IRebuildableStore store, Placement placement, TenantId tenant)
{
    private const int PageSize = 500;

    /// <summary>One user looked at.</summary>
    /// <param name="User">The user.</param>
    /// <param name="Differences">What its rows said that its events do not; empty when all is well.</param>
    public sealed record Finding(UserId User, IReadOnlyList<string> Differences);

    /// <summary>Goes through all users in id order.</summary>
    /// <param name="repair">Whether rows that differ are put right; events are never touched.</param>
    /// <param name="cancellation">Stops between users.</param>
    public async IAsyncEnumerable<Finding> HandleAsync(
        bool repair, [EnumeratorCancellation] CancellationToken cancellation)
    {
        UserId? after = null;
        while (await store.LedgersAsync(after, PageSize, cancellation) is { Count: > 0 } ledgers)
        {
            foreach (var ledger in ledgers)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return await LookAtAsync(ledger, repair, cancellation);
            }

            after = ledgers[^1].User;
        }
    }

    private async ValueTask<Finding> LookAtAsync(Ledger ledger, bool repair, CancellationToken cancellation)
    {
        if (GapIn(ledger) is { } damage)
        {
            return new Finding(ledger.User, [damage]);
        }

        var expected = UserFold.Fold(ledger.Events, tenant);
        var posts = PostFold.Fold(ledger.Events, tenant).Values.OrderBy(post => post.CreatedAt).ToList();
        ClaimKey[] claims = expected is { Exists: true }
            ? [new ClaimKey(placement.BucketOf(tenant, expected.EmailKey), tenant, expected.EmailKey)]
            : [];
        var differences = Compare(ledger, expected, posts, claims).ToList();
        if (repair && differences.Count > 0)
        {
            await store.RestoreAsync(ledger.User, expected, posts, claims, cancellation);
        }

        return new Finding(ledger.User, differences);
    }

    private static string? GapIn(Ledger ledger)
    {
        for (var i = 0; i < ledger.Events.Count; i++)
        {
            if (ledger.Events[i].Sequence != i + 1)
            {
                return $"event {i + 1} is missing: this cannot be repaired from the events, restore a backup";
            }
        }

        return null;
    }

    private static IEnumerable<string> Compare(
        Ledger ledger, User? expected, List<Post> posts, ClaimKey[] claims)
    {
        if (ledger.State != expected)
        {
            yield return (ledger.State, expected) switch
            {
                (null, _) => "the state row is missing",
                (_, null) => "there is a state row but no event",
                _ => $"the state row (version {ledger.State.Version}, sequence {ledger.State.Sequence}) is not the fold of its events (version {expected.Version}, sequence {expected.Sequence})",
            };
        }

        // Posts of a deleted user are hidden at once and removed in steps, so rows may be left.
        var rows = ledger.Posts.OrderBy(post => post.CreatedAt).ToList();
        if (expected is { Exists: true } or null && !rows.SequenceEqual(posts))
        {
            yield return $"the post rows ({rows.Count}) are not the fold of the events ({posts.Count})";
        }

        if (!ledger.Claims.ToHashSet().SetEquals(claims))
        {
            yield return $"the claims are [{string.Join(", ", ledger.Claims.Select(claim => claim.EmailKey))}] where the events say [{string.Join(", ", claims.Select(claim => claim.EmailKey))}]";
        }
    }
}
