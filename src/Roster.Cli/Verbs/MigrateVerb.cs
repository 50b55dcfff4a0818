using System.CommandLine;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster migrate</c>: brings the schema up. The embedded store also does it at every start.</summary>
internal static class MigrateVerb
{
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be done" };

    public static Command Create()
    {
        var verb = new Command("migrate", "Brings every shard's schema up to this version; exit code 1 when that was not possible for one") { DryRun, DataOption.Data };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var settings = SettingsFile.Read(data: parsed.GetValue(DataOption.Data));
            var dryRun = parsed.GetValue(DryRun);
            return settings.Postgres is { } postgres ? await ServersAsync(postgres, dryRun, cancellation) ? 0 : 1
                : dryRun ? await ShowAsync(settings, cancellation)
                : await EmbeddedAsync(settings, cancellation);
        });
        return verb;
    }

    private static async Task<bool> ServersAsync(PostgresSettings settings, bool dryRun, CancellationToken cancellation)
    {
        using var line = new WaitingLine();
        var shards = new ShardMigrations(settings, sentence => Tell(Console.Out, sentence), sentence => Tell(Console.Error, sentence));
        return await (dryRun ? shards.ListAsync(cancellation) : shards.ApplyAsync(line, cancellation));

        void Tell(TextWriter output, string sentence)
        {
            line.Clear();
            output.WriteLine(sentence);
        }
    }

    private static async Task<int> EmbeddedAsync(RosterSettings settings, CancellationToken cancellation)
    {
        await using var storage = await OpenedStorage.OpenAsync(settings, cancellation);
        foreach (var shard in settings.Shards)
        {
            Console.WriteLine($"{shard.Folder} is up to date.");
        }

        return 0;
    }

    private static async Task<int> ShowAsync(RosterSettings settings, CancellationToken cancellation)
    {
        using var shards = await InspectedShards.OpenAsync(settings, cancellation);
        foreach (var shard in shards.All)
        {
            Console.WriteLine(shard.Inside is not { } inside ? $"{shard.Place}: {shard.Problem}"
                : inside.Schema >= shard.NewestSchema ? $"{shard.Place} is up to date (schema {inside.Schema})."
                : $"{shard.Place} would be brought from schema {inside.Schema} to {shard.NewestSchema}.");
        }

        return shards.All.Any(shard => shard.Problem is not null) ? 1 : 0;
    }
}
