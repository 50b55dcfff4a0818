using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Lab.Histories;

namespace Roster.Cli.Verbs;

/// <summary><c>roster lab check</c>: says what logs of clients prove (docs/histories.md).</summary>
internal static class LabCheckVerb
{
    private const int MostShown = 100;

    public static Command Create()
    {
        var files = new Argument<string[]>("LOG") { Description = "Logs of clients and of the final state, as JSON lines", Arity = ArgumentArity.OneOrMore };
        var staleness = new Option<string?>("--max-staleness") { Description = "How old reads without a token may be, as in 5s, with logs in microseconds; by default however old", HelpName = "TIME" };
        var verb = new Command("check", "Says what logs of clients prove: lost, duplicate, stale, out of order, ghost, unknown") { files, staleness };
        verb.SetAction((parsed, cancellation) => CheckAsync(parsed.GetValue(files)!, parsed.GetValue(staleness), cancellation));
        return verb;
    }

    private static async Task<int> CheckAsync(string[] files, string? staleness, CancellationToken cancellation)
    {
        var allowed = staleness is null ? (long?)null : (long)Duration.OfFlag("--max-staleness", staleness).TotalMicroseconds;
        var history = await ReadAsync(files, cancellation) with { Staleness = allowed };
        var verdict = HistoryChecker.Check(history);
        Show(verdict.Unknown);
        Show(verdict.Findings);
        Console.WriteLine(
            $"{Counted.Of(history.Operations.Count, "operation")}, {Counted.Of(history.Final.Count, "final version")}: {Counted.Of(verdict.Findings.Count, "finding")}, {Counted.Number(verdict.Unknown.Count)} unknown.");
        return verdict.Findings.Count == 0 ? 0 : 1;
    }

    private static async Task<History> ReadAsync(string[] files, CancellationToken cancellation)
    {
        try
        {
            return await HistoryFiles.ReadAsync(files, cancellation);
        }
        catch (HistoryFormatException wrong)
        {
            throw new VerbException(wrong.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException($"A log cannot be read: {e.Message}");
        }
    }

    private static void Show(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings.Take(MostShown))
        {
            Console.WriteLine(finding);
        }

        if (findings.Count > MostShown)
        {
            Console.WriteLine($"… and {Counted.Number(findings.Count - MostShown)} more of these.");
        }
    }
}
