namespace Roster.Api.GraphQL;

/// <summary>A query that is not run: beyond a limit, or not one at all.</summary>
/// <param name="code">For programs: <c>extensions.code</c>.</param>
/// <param name="message">For people.</param>
internal sealed class RefusedQuery(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
