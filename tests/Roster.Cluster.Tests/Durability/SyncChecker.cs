using System.Globalization;
using System.Text;

namespace Roster.Cluster.Tests.Durability;

/// <summary>
/// Proves from system calls that what was acknowledged was on disk. Each write carries a <see cref="Mark"/> of its own,
/// which is in the value it stores and in its answer. For every 2xx answer: the first transaction in the log whose pages
/// contain the mark can only be the write's own (nobody else knows the mark, and a page holds only what was written
/// before); that transaction's last frame was written, then a sync of the log began and returned without error, and only
/// then did the socket write begin that starts the answer. A server that answers early, syncs nothing, or syncs another
/// file or only later, breaks the chain.
/// </summary>
internal static class SyncChecker
{
    /// <summary>What a trace shows.</summary>
    /// <param name="Answers">Acknowledged writes that were checked.</param>
    /// <param name="Transactions">Transactions in the log.</param>
    /// <param name="Violations">Answers that were sent too early, a sentence each.</param>
    internal sealed record Report(int Answers, int Transactions, IReadOnlyList<string> Violations);

    private sealed record Answer(string? Mark, int Status, int Begin);

    /// <summary>Checks every acknowledged write that carries a mark.</summary>
    public static Report Check(IReadOnlyList<TracedCall> calls)
    {
        var transactions = LogTransactions.In(calls);
        Dictionary<string, LogTransactions.Written> firsts = [];
        foreach (var (mark, transaction) in transactions.SelectMany(t => t.Marks.Select(m => (m, t))))
        {
            firsts.TryAdd(mark, transaction);
        }

        List<string> violations = [];
        var answers = Answers(calls).Where(a => a is { Mark: not null, Status: >= 200 and < 300 }).ToList();
        foreach (var answer in answers)
        {
            if (!firsts.TryGetValue(answer.Mark!, out var own))
            {
                violations.Add($"{answer.Mark} was acknowledged and never written to the log.");
            }
            else if (answer.Begin <= own.Durable)
            {
                violations.Add($"{answer.Mark} was acknowledged at {answer.Begin}; its transaction was written at {own.Complete} and synced at {Place(own.Durable)}.");
            }
        }

        return new Report(answers.Count, transactions.Count, violations);
    }

    /// <summary>
    /// Checks answers without a body (204), made one at a time while nothing else writes: since the answer before it,
    /// some transaction must have become durable.
    /// </summary>
    public static Report CheckAlone(IReadOnlyList<TracedCall> calls)
    {
        var transactions = LogTransactions.In(calls);
        var answers = Answers(calls).ToList();
        List<string> violations = [];
        var before = 0;
        foreach (var answer in answers)
        {
            if (answer.Status == 204 && !transactions.Any(t => t.Complete > before && t.Durable < answer.Begin))
            {
                violations.Add($"A 204 was sent at {answer.Begin}, with nothing made durable since {before}.");
            }

            before = answer.Begin;
        }

        return new Report(answers.Count(a => a.Status == 204), transactions.Count, violations);
    }

    /// <summary>Without pipelining, what a connection sends belongs to the answer whose status line it sent last.</summary>
    private static IEnumerable<Answer> Answers(IReadOnlyList<TracedCall> calls)
    {
        Dictionary<string, Answer> heads = [];
        foreach (var call in calls.Where(c => c.IsToSocket))
        {
            var isHead = call.Data.AsSpan().StartsWith("HTTP/1.1 "u8);
            if (isHead)
            {
                var status = int.Parse(Encoding.ASCII.GetString(call.Data, 9, 3), CultureInfo.InvariantCulture);
                heads[call.Target] = new Answer(null, status, call.Begin);
            }

            var marks = Mark.In(call.Data).Distinct(StringComparer.Ordinal).ToList();
            if (heads.TryGetValue(call.Target, out var head) && (isHead || marks.Count > 0))
            {
                foreach (var mark in marks.DefaultIfEmpty())
                {
                    yield return head with { Mark = mark };
                }
            }
        }
    }

    private static string Place(int position) => position == int.MaxValue ? "no time" : $"{position}";
}
