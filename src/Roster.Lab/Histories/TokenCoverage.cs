using System.Collections.Immutable;

namespace Roster.Lab.Histories;

/// <summary>
/// What each consistency token covers, for certain: the write that returned it, and all that the token covers which that
/// write carried. It may cover more (others' writes before its position), which a log cannot tell.
/// </summary>
internal sealed class TokenCoverage
{
    private readonly Dictionary<string, ImmutableDictionary<string, Operation>> covered = new(StringComparer.Ordinal);

    /// <param name="operations">All of a history: a token is given before it is sent.</param>
    public TokenCoverage(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations.Where(o => o is { Outcome: OperationOutcome.Done, Token: not null }).OrderBy(o => o.Answered))
        {
            var covers = Of(operation.Sent) ?? ImmutableDictionary.Create<string, Operation>(StringComparer.Ordinal);
            covers = operation.Kind == OperationKind.Write ? Add(covers, operation) : covers;

            // Two writes of one batch are given the same token.
            covered[operation.Token!] = Of(operation.Token) is { } before ? before.Values.Aggregate(covers, Add) : covers;
        }
    }

    /// <summary>The newest write to a user that a token covers; null when it covers none.</summary>
    public Operation? Newest(string? token, string user) => Of(token)?.GetValueOrDefault(user);

    /// <summary>Whether nobody was given a token that was sent.</summary>
    public bool IsUnheardOf(string? token) => token is not null && !covered.ContainsKey(token);

    private ImmutableDictionary<string, Operation>? Of(string? token) => token is null ? null : covered.GetValueOrDefault(token);

    private static ImmutableDictionary<string, Operation> Add(ImmutableDictionary<string, Operation> covers, Operation write) =>
        covers.TryGetValue(write.User, out var newest) && newest.Version >= write.Version ? covers : covers.SetItem(write.User, write);
}
