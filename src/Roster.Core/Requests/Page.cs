namespace Roster.Core.Requests;

/// <summary>One page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>How pages are cut.</summary>
public static class Page
{
    /// <summary>A page of what was found when one more than fits was asked for: that one only shows that the list goes on.</summary>
    /// <param name="found">At most <paramref name="limit"/> + 1 items.</param>
    /// <param name="limit">The most that a page holds.</param>
    /// <param name="cursorAfter">The cursor after the last item of the page.</param>
    public static Page<T> Of<T>(IReadOnlyList<T> found, int limit, Func<T, string> cursorAfter) => found.Count <= limit
        ? new Page<T>(found, null)
        : new Page<T>([.. found.Take(limit)], cursorAfter(found[limit - 1]));
}
