using System.Globalization;
using System.Runtime.InteropServices;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>The report of a long run, as it stands in the repository.</summary>
internal static class CrashReport
{
    private const string Command = "./test long";

    /// <summary>Markdown.</summary>
    public static string Of(CrashRun run) => string.Create(CultureInfo.InvariantCulture, $"""
        # Crashes: kill -9 while 16 clients and an import write

        Written by `CrashTests.No_promise_breaks_over_a_hundred_kills`. Every kill is a SIGKILL of the real server, at a
        random moment, on one data folder throughout. What each number means is said in `CrashRun`, `Tally` and `Verification`.

        | | |
        |---|---|
        | Seed | {run.Seed} |
        | Kills | {run.Kills} ({run.KillsWhileStarting} of them while it was starting again) |
        | Acknowledged writes (POST, PATCH, DELETE) | {run.Tally.AcknowledgedWrites} |
        | Import lines answered | {run.Tally.ImportedLines} |
        | Requests cut off by a kill and sent again with their Idempotency-Key | {run.Tally.Retries} |
        | … that had been committed: the first answer came again | {run.Tally.RetriesReplayed} |
        | … that had not: committed now | {run.Tally.RetriesCommittedNow} |
        | … that had not, and another client had won the e-mail meanwhile: 409 | {run.Tally.RetriesRefused} |
        | Refusals of an e-mail that another client had, all told | {run.Tally.EmailsLost} |
        | Looks at every user and every e-mail (at the others: what was touched since the one before) | {run.FullLooks} |
        | Users in the end | {run.Users} |
        | Acknowledged writes lost | 0 |
        | Duplicates (users, versions, owners of an e-mail) | 0 |
        | `roster rebuild --verify` | {run.Rebuild} |
        | Took | {run.Took.TotalSeconds:F0} s |
        | Machine | {Environment.ProcessorCount} cores, {Memory()}, {RuntimeInformation.OSDescription.Trim()}, kernel {Kernel()}, {RuntimeInformation.FrameworkDescription} |
        | Command | `ROSTER_SEED={run.Seed} {Command}` |

        The zeros are the test's assertions: with any other number there it fails and writes no report.
        A seed fixes what clients do and when the kills come; which requests a kill cuts off still depends on the machine.

        """);

    private static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    private static string Memory() =>
        string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024):F0} GiB");
}
