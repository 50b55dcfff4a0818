using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster migrate</c>: brings the schema up. The embedded store also does it at every start.</summary>
internal static class MigrateVerb
{
    public static Command Create()
    {
        var verb = new Command("migrate", "Brings every shard's schema up to this version") { DataOption.Data };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var settings = SettingsFile.Read(data: parsed.GetValue(DataOption.Data));
            if (settings.Postgres is { } postgres)
            {
                await PostgresShards.MigrateAsync(postgres, Console.WriteLine, cancellation);
                return 0;
            }

            await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
            foreach (var shard in settings.Shards)
            {
                Console.WriteLine($"{shard.Folder} is up to date.");
            }

            return 0;
        });
        return verb;
    }
}
