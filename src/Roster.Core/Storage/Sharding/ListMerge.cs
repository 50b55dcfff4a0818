using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Core.Storage.Sharding;

/// <summary>The shards' pages of a list as one page. Each shard's is in order and starts after the same key, so the next key works for all.</summary>
internal static class ListMerge
{
    /// <summary>The first users of all pages.</summary>
    /// <param name="pages">Each in order, and at most <see cref="UserQuery.Limit"/> long.</param>
    /// <param name="query">What they are pages of.</param>
    public static IReadOnlyList<Read<User>> Of(IReadOnlyList<IReadOnlyList<Read<User>>> pages, UserQuery query)
    {
        List<Head> heads = [.. pages.Where(page => page.Count > 0).Select(page => new Head(page, query.NamePrefix is not null))];
        var merged = new List<Read<User>>(Math.Max(0, Math.Min(query.Limit, pages.Sum(page => page.Count))));
        while (merged.Count < query.Limit && heads.Count > 0)
        {
            var first = heads.Aggregate((one, other) => other.IsBefore(one) ? other : one);
            merged.Add(first.User);
            if (!first.Advance())
            {
                heads.Remove(first);
            }
        }

        return merged;
    }

    /// <summary>The first user of a page that is not taken yet: names are folded only when they come to the front.</summary>
    private sealed class Head(IReadOnlyList<Read<User>> page, bool byName)
    {
        private int index;
        private byte[] name = byName ? FoldedName.Of(page[0].State.Name) : [];

        public Read<User> User => page[index];

        public bool Advance()
        {
            if (++index == page.Count)
            {
                return false;
            }

            name = byName ? FoldedName.Of(User.State.Name) : [];
            return true;
        }

        public bool IsBefore(Head other) => name.AsSpan().SequenceCompareTo(other.name) is var names and not 0
            ? names < 0
            : User.State.Id < other.User.State.Id;
    }
}
