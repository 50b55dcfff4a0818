using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Core.Storage.Sharding;
using Roster.Core.Users;

namespace Roster.Cli.Verbs;

/// <summary><c>roster rebuild</c>: folds all events again and compares with the rows, or puts the rows right.</summary>
internal static class RebuildVerb
{
    private const int ShownDifferences = 20;

    public static Command Create()
    {
        var verify = new Option<bool>("--verify") { Description = "Only compare; exit code 1 when anything differs" };
        var verb = new Command("rebuild", "Proves that every state is the fold of its events, and repairs what is not") { verify, DataOption.Data };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var settings = SettingsFile.Read(data: parsed.GetValue(DataOption.Data));
            await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
            if (await new IntentSweep(storage.Store).RunToEndAsync(cancellation) is var settled and > 0)
            {
                Console.Error.WriteLine($"{settled} changes of e-mails that a crash had left half way are ended.");
            }

            var users = new RebuildUsers(storage.Rebuildable, storage.Placement, TenantId.Default);
            return await RunAsync(users, repair: !parsed.GetValue(verify), cancellation);
        });
        return verb;
    }

    private static async Task<int> RunAsync(RebuildUsers users, bool repair, CancellationToken cancellation)
    {
        long seen = 0;
        long differing = 0;
        using var progress = new ProgressLine("users compared");
        await foreach (var finding in users.HandleAsync(repair, cancellation))
        {
            progress.Report(++seen);
            if (finding.Differences.Count > 0 && ++differing <= ShownDifferences)
            {
                Console.Error.WriteLine($"{finding.User}: {string.Join("; ", finding.Differences)}");
            }
        }

        progress.Clear();
        Console.WriteLine(differing == 0 ? $"{seen} users: every state is the fold of its events."
            : repair ? $"{seen} users: {differing} differed and were put right."
            : $"{seen} users: {differing} differ. Run roster rebuild without --verify to put them right.");
        return differing > 0 && !repair ? 1 : 0;
    }
}
