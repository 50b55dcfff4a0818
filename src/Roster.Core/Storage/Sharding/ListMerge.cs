using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Core.Storage.Sharding;

/// <summary>The shards' pages of a list as one page. Each shard's is in order and starts after the same key, so the next key works for all.</summary>
internal static class ListMerge
{
    /// <summary>The first users of all pages.</summary>
    /// <param name="pages">Each at most <see cref="UserQuery.Limit"/> long.</param>
    /// <param name="query">What they are pages of.</param>
    public static IReadOnlyList<Read<User>> Of(IReadOnlyList<IReadOnlyList<Read<User>>> pages, UserQuery query)
    {
        var byName = query.NamePrefix is not null;
        var merged = pages.SelectMany(page => page)
            .Select(user => (User: user, Name: byName ? FoldedName.Of(user.State.Name) : []))
            .ToList();
        merged.Sort((a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name) is var names and not 0
            ? names
            : a.User.State.Id.CompareTo(b.User.State.Id));
        return [.. merged.Take(Math.Max(query.Limit, 0)).Select(entry => entry.User)];
    }
}
