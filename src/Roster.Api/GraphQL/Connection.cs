namespace Roster.Api.GraphQL;

/// <summary>A page as Relay wants it (Cursor Connections Specification).</summary>
/// <param name="Edges">What is on it.</param>
/// <param name="HasNext">Whether the list goes on.</param>
/// <param name="HasPrevious">Whether it began before: known by the cursor that was sent.</param>
internal sealed record Connection(IReadOnlyList<Edge> Edges, bool HasNext, bool HasPrevious)
{
    public static Dictionary<string, Func<Connection, object?>> Fields { get; } = new(StringComparer.Ordinal)
    {
        ["edges"] = page => page.Edges,
        ["nodes"] = page => page.Edges.Select(edge => edge.Node),
        ["pageInfo"] = page => page,
    };

    public static Dictionary<string, Func<Connection, object?>> PageInfo { get; } = new(StringComparer.Ordinal)
    {
        ["hasNextPage"] = page => page.HasNext,
        ["hasPreviousPage"] = page => page.HasPrevious,
        ["startCursor"] = page => page.Edges.Count == 0 ? null : page.Edges[0].Cursor,
        ["endCursor"] = page => page.Edges.Count == 0 ? null : page.Edges[^1].Cursor,
    };
}

/// <summary>One of a page, and where the list goes on after it.</summary>
internal sealed record Edge(string Cursor, object Node)
{
    public static Dictionary<string, Func<Edge, object?>> Fields { get; } = new(StringComparer.Ordinal)
    {
        ["cursor"] = edge => edge.Cursor,
        ["node"] = edge => edge.Node,
    };
}
