namespace Roster.Lab.Histories;

/// <summary>Attempts at one write, told by their idempotency key, are one operation: it began with the first and was certain with the first answer.</summary>
internal static class Attempts
{
    /// <summary>Operations of one user, with each write once.</summary>
    /// <param name="operations">As clients saw them.</param>
    /// <param name="twice">Told of attempts that were answered with different versions.</param>
    public static IReadOnlyList<Operation> Join(IReadOnlyList<Operation> operations, Action<IReadOnlyList<Operation>> twice)
    {
        List<Operation> joined = [.. operations.Where(o => o.Kind != OperationKind.Write || o.Key is null)];
        foreach (var attempts in operations.Where(o => o.Kind == OperationKind.Write && o.Key is not null).GroupBy(o => o.Key, StringComparer.Ordinal))
        {
            List<Operation> done = [.. attempts.Where(o => o.Outcome == OperationOutcome.Done).OrderBy(o => o.Answered)];
            if (done.DistinctBy(o => o.Version).Skip(1).Any())
            {
                twice(done);
            }

            var telling = done.FirstOrDefault() ?? attempts.FirstOrDefault(o => o.Outcome == OperationOutcome.Unknown) ?? attempts.First();
            joined.Add(telling with { Invoked = attempts.Min(o => o.Invoked) });
        }

        return joined;
    }
}
