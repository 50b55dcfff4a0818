using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster backup</c>: the embedded store as of one moment, while it is being served.</summary>
internal static class BackupVerb
{
    /// <summary>The counter shows every 64th value only.</summary>
    private const long Shown = ~63L;

    public static Command Create()
    {
        var target = new Argument<string>("DIR") { Description = "Where to; must not exist, or be empty" };
        var verb = new Command("backup", "Copies the embedded store, all shards as of one moment, while it is being served") { target, DataOption.Data };
        verb.SetAction((parsed, cancellation) =>
            Task.Run(() => Run(SettingsFile.Read(parsed.GetValue(DataOption.Data)), parsed.GetValue(target)!, cancellation), cancellation));
        return verb;
    }

    private static int Run(RosterSettings settings, string target, CancellationToken cancellation)
    {
        using var progress = new ProgressLine("pages copied");
        var made = EmbeddedShards.Of(settings).BackUp(target, pages => progress.Report(pages & Shown), cancellation);
        progress.Clear();
        var bytes = made.Shards.Sum(shard => shard.Database.Bytes);
        Console.WriteLine($"{target} holds {Counted.Of(made.Shards.Count, "shard")} as of {made.At:yyyy-MM-dd'T'HH:mm:ss'Z'}, {Counted.Bytes(bytes)}, checked.");
        Console.WriteLine("It holds keys and the placement secret: keep it as safe as the store.");
        return 0;
    }
}
