using System.CommandLine;
using System.Text.Json;
using Roster.Cli.Settings;
using Roster.Cli.Shards;
using Roster.Cli.Storage;

namespace Roster.Cli.Verbs;

/// <summary><c>roster shards</c>: who owns which buckets, and how each shard is; beside a running server too.</summary>
internal static class ShardsVerb
{
    private static readonly Option<bool> Json = new("--json") { Description = "For scripts" };

    public static Command Create() => new("shards", "Shows the shard map, and how each shard is")
    {
        Of(new Command("list", "Lists shards and the buckets they own"), List),
        Of(new Command("status", "Says how each shard is; exit code 1 when one cannot be read"), Status),
    };

    private static Command Of(Command verb, Func<InspectedShards, bool, int> run)
    {
        verb.Options.Add(Json);
        verb.Options.Add(DataOption.Data);
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var shards = await InspectedShards.OpenAsync(SettingsFile.Read(parsed.GetValue(DataOption.Data)), cancellation);
            return run(shards, parsed.GetValue(Json));
        });
        return verb;
    }

    private static int List(InspectedShards shards, bool json)
    {
        var list = ShardList.Of(shards);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(list, ShardsJson.Default.ShardList));
        }
        else
        {
            list.Show(Console.Out);
        }

        return 0;
    }

    private static int Status(InspectedShards shards, bool json)
    {
        var all = ShardStatus.Of(shards, TimeProvider.System);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(all, ShardsJson.Default.IReadOnlyListShardStatus));
        }
        else
        {
            foreach (var shard in all)
            {
                shard.Show(Console.Out);
            }
        }

        return all.Any(shard => shard.Problem is not null) ? 1 : 0;
    }
}
