using System.Collections.Immutable;

namespace Roster.Lab.Histories;

/// <summary>
/// What each consistency token covers, for certain: the write that returned it, and all that the token covers which that
/// write carried. It may cover more (others' writes before its position), which a log cannot tell. Several writes may be given the
/// same token, of a batch or of one position: whoever sends it knows of those that were answered by then.
/// </summary>
internal sealed class TokenCoverage
{
    private readonly Dictionary<string, List<(long Since, ImmutableDictionary<string, Operation> Writes)>> covered = new(StringComparer.Ordinal);

    /// <param name="operations">All of a history: a token is given before it is sent.</param>
    public TokenCoverage(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations.Where(o => o is { Outcome: OperationOutcome.Done, Token: not null }).OrderBy(o => o.Answered))
        {
            var covers = Of(operation.Sent, operation.Invoked) ?? ImmutableDictionary.Create<string, Operation>(StringComparer.Ordinal);
            covers = operation.Kind == OperationKind.Write ? Add(covers, operation) : covers;
            covers = Of(operation.Token, operation.Answered) is { } before ? before.Values.Aggregate(covers, Add) : covers;
            if (!covered.TryGetValue(operation.Token!, out var given))
            {
                covered.Add(operation.Token!, given = []);
            }

            given.Add((operation.Answered, covers));
        }
    }

    /// <summary>The newest write to the user of a read that its token covers; null when it covers none.</summary>
    public Operation? Newest(Operation read) => Of(read.Sent, read.Invoked)?.GetValueOrDefault(read.User);

    /// <summary>Whether nobody was given a token that was sent.</summary>
    public bool IsUnheardOf(string? token) => token is not null && !covered.ContainsKey(token);

    /// <summary>What a token covers for whoever knew it at a time.</summary>
    private ImmutableDictionary<string, Operation>? Of(string? token, long at) =>
        token is null || !covered.TryGetValue(token, out var given) ? null : given.FindLast(one => one.Since <= at).Writes;

    private static ImmutableDictionary<string, Operation> Add(ImmutableDictionary<string, Operation> covers, Operation write) =>
        covers.TryGetValue(write.User, out var newest) && newest.Version >= write.Version ? covers : covers.SetItem(write.User, write);
}
