namespace Roster.Lab.Histories;

/// <summary>
/// Checks a concurrent history: nothing acknowledged is lost, nothing happened twice, no read is older than it may be, and
/// no e-mail ever had two owners.
/// <para>Deciding linearizability in general needs a search (NP-complete: Gibbons and Korach, 1997). Here every write
/// says which version it led to, so the order is known and only has to be compared with real time, in O(n log n):
/// it is enough that writes' versions are unique and rise in real time, and that a read returns a version whose write
/// had begun, and not less than what was certain (a write acknowledged or a read answered) before it began, less the
/// staleness that is allowed, and not less than what its token covers.</para>
/// <para>An outcome that is unknown is settled by its tag: found in the final history, the write happened, and its
/// answer never came; otherwise it did not.</para>
/// </summary>
public static class HistoryChecker
{
    /// <summary>Everything that a history shows.</summary>
    public static HistoryVerdict Check(History history)
    {
        List<Finding> findings = [];
        var operations = FindSignUps(history);
        var tokens = new TokenCoverage(operations);
        var finals = history.Final.ToLookup(f => f.User, StringComparer.Ordinal);
        var byUser = operations.ToLookup(o => o.User, StringComparer.Ordinal);
        List<Operation> happened = [];
        foreach (var user in byUser.Select(g => g.Key).Union(finals.Select(g => g.Key), StringComparer.Ordinal))
        {
            var check = new UserCheck(user, [.. byUser[user]], [.. finals[user]], tokens, history.Staleness);
            findings.AddRange(check.Run());
            happened.AddRange(check.Happened);
        }

        findings.AddRange(OwnershipCheck.Run(happened));
        findings.AddRange(history.Owners
            .GroupBy(o => o.Email, StringComparer.Ordinal)
            .Where(g => g.DistinctBy(o => o.User, StringComparer.Ordinal).Skip(1).Any())
            .Select(g => new Finding(
                FindingKind.Duplicate, g.First().User, $"{g.Key} belongs to {string.Join(" and ", g.Select(o => o.User))} in the end.", [.. g])));
        return new HistoryVerdict(
            [.. findings.Where(finding => finding.Kind != FindingKind.Unknown)], [.. findings.Where(finding => finding.Kind == FindingKind.Unknown)]);
    }

    /// <summary>A sign-up without an answer does not know its user; its tag does.</summary>
    private static IReadOnlyList<Operation> FindSignUps(History history)
    {
        var users = history.Final.ToLookup(f => f.Tag, f => f.User, StringComparer.Ordinal);
        return [.. history.Operations.Select(o => o is { User: "", Tag: { } tag } && users[tag].FirstOrDefault() is { } user ? o with { User = user } : o)];
    }
}
