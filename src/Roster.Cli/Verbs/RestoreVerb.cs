using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster restore</c>: makes an embedded store of a backup.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var source = new Argument<string>("DIR") { Description = "The backup" };
        var verb = new Command("restore", "Makes an embedded store of a backup; its folder must not exist, or be empty") { source, DataOption.Data };
        verb.SetAction((parsed, cancellation) => Task.Run(
            () => Run(SettingsFile.Read(parsed.GetValue(DataOption.Data)), parsed.GetValue(source)!, parsed.GetValue(DataOption.Data), cancellation),
            cancellation));
        return verb;
    }

    private static int Run(RosterSettings settings, string source, string? flag, CancellationToken cancellation)
    {
        var shards = EmbeddedShards.Of(settings);
        var restored = shards.Restore(source, cancellation);
        Console.WriteLine($"{Counted.Of(restored.Shards.Count, "shard")} as of {restored.At:yyyy-MM-dd'T'HH:mm:ss'Z'}, written by Roster {restored.Program}:");
        foreach (var (shard, folder) in shards.Folders)
        {
            Console.WriteLine($"  shard {shard.Value} in {folder}");
        }

        Console.WriteLine(restored.AdminKey is null ? "There was no admin.key; keys made before work again." : "admin.key is there too.");
        Console.WriteLine($"Serve it: roster serve{(flag is null ? string.Empty : $" --data {flag}")}");
        return 0;
    }
}
