namespace Roster.Lab.Histories;

/// <summary>
/// An e-mail has one owner at every moment. Each ownership begins somewhere within the operation that takes the
/// e-mail and ends somewhere within the one that gives it back; two users' ownerships are at odds when neither can
/// have ended before the other began, however the moments are chosen.
/// </summary>
internal static class OwnershipCheck
{
    private sealed record Ownership(string Email, Operation Take, long EarliestEnd);

    /// <param name="happened">The writes that happened, unknown ones among them settled.</param>
    public static IEnumerable<Finding> Run(IReadOnlyCollection<Operation> happened)
    {
        var releases = happened.Where(o => o.Releases is not null).ToLookup(o => (o.User, Email: o.Releases!));
        var ownerships = happened
            .Where(o => o.Takes is not null)
            .Select(take => new Ownership(take.Takes!, take, EndOf(take, releases[(take.User, take.Takes!)])))
            .GroupBy(o => o.Email, StringComparer.Ordinal);
        foreach (var email in ownerships)
        {
            foreach (var (first, second) in Clashes([.. email.OrderBy(o => o.Take.Invoked)]))
            {
                yield return new Finding(
                    FindingKind.Duplicate,
                    second.Take.User,
                    $"{email.Key} was taken by {first.Take.User} ({first.Take.Tag}) and by {second.Take.User} ({second.Take.Tag}) and not given back between.",
                    [first.Take, second.Take]);
            }
        }
    }

    private static long EndOf(Operation take, IEnumerable<Operation> releases) =>
        releases.Where(r => r.Version > take.Version)
            .Select(r => r.Invoked)
            .DefaultIfEmpty(long.MaxValue)
            .Min();

    private static IEnumerable<(Ownership First, Ownership Second)> Clashes(List<Ownership> ownerships) =>
        from i in Enumerable.Range(0, ownerships.Count)
        from j in Enumerable.Range(i + 1, ownerships.Count - i - 1)
        let first = ownerships[i]
        let second = ownerships[j]
        where first.Take.User != second.Take.User
            && first.EarliestEnd > second.Take.Answered
            && second.EarliestEnd > first.Take.Answered
        select (first, second);
}
