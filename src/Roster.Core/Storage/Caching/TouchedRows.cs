using Roster.Core.Ids;
using Roster.Core.Posts;

namespace Roster.Core.Storage.Caching;

/// <summary>The rows that one change writes, as far as caches care.</summary>
internal sealed class TouchedRows
{
    private readonly List<(Guid Id, long Version)> rows = [];

    public IReadOnlyList<(Guid Id, long Version)> Rows => rows;

    /// <summary>A new user: there is no older state to be afraid of, only reads that found nobody.</summary>
    public bool IsNew { get; private init; }

    /// <summary>A user that the change deletes.</summary>
    public UserId? Deleted { get; private init; }

    /// <summary>Whether one of the rows was in memory when the change began.</summary>
    public bool WereHere { get; set; }

    /// <summary>Of one change; null when there are none.</summary>
    public static TouchedRows? Of(Change change)
    {
        if (change.Next is not { } next)
        {
            return null;
        }

        var touched = new TouchedRows { IsNew = change.ExpectedSequence == 0, Deleted = next.Exists ? null : next.Id };
        touched.rows.Add((next.Id.Value, next.Sequence));
        foreach (var recorded in change.Events)
        {
            if (recorded.What is PostEvent what and not PostPublished)
            {
                touched.rows.Add((what.Post.Value, what is PostDeleted ? long.MaxValue : recorded.Version));
            }
        }

        return touched;
    }
}
