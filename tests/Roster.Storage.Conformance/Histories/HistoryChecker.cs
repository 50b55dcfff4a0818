namespace Roster.Storage.Conformance.Histories;

/// <summary>
/// Checks that a concurrent history is linearizable per user, and that no e-mail ever had two owners.
/// <para>Deciding linearizability in general needs a search (NP-complete: Gibbons and Korach, 1997). Here every write
/// says which version it led to, so the order is known and only has to be compared with real time, in O(n log n):
/// it is enough that writes' versions are unique and rise in real time, and that a read returns a version whose write
/// had begun, and not less than what was certain (a write acknowledged or a read answered) before it began.</para>
/// <para>An outcome that is unknown is settled by its tag: found in the final history, the write happened, and its
/// answer never came; otherwise it did not.</para>
/// </summary>
public static class HistoryChecker
{
    /// <summary>Everything wrong with a history; nothing when it is sound.</summary>
    /// <param name="operations">What clients saw, in any order.</param>
    /// <param name="final">The final history of every user, in the store's order.</param>
    /// <param name="owners">The owners of e-mails in the end.</param>
    public static IReadOnlyList<Finding> Check(
        IReadOnlyCollection<Operation> operations, IReadOnlyCollection<FinalWrite> final, IReadOnlyCollection<FinalOwner> owners)
    {
        List<Finding> findings = [];
        var finals = final.ToLookup(f => f.User, StringComparer.Ordinal);
        var byUser = operations.ToLookup(o => o.User, StringComparer.Ordinal);
        List<Operation> happened = [];
        foreach (var user in byUser.Select(g => g.Key).Union(finals.Select(g => g.Key), StringComparer.Ordinal))
        {
            var check = new UserCheck(user, [.. byUser[user]], [.. finals[user]]);
            findings.AddRange(check.Run());
            happened.AddRange(check.Happened);
        }

        findings.AddRange(OwnershipCheck.Run(happened));
        findings.AddRange(owners
            .GroupBy(o => o.Email, o => o.User, StringComparer.Ordinal)
            .Where(g => g.Distinct(StringComparer.Ordinal).Skip(1).Any())
            .Select(g => new Finding(FindingKind.Duplicate, g.First(), $"{g.Key} belongs to {string.Join(" and ", g)} in the end.")));
        return findings;
    }
}
