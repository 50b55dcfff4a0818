using Roster.Core.Ids;

namespace Roster.Cli.Settings;

/// <summary>Where an embedded shard lies.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Folder">Its folder.</param>
public sealed record ShardSettings(ShardId Shard, string Folder)
{
    /// <summary>As many as a consistency token can name.</summary>
    private const int Max = 256;

    /// <summary>The shards of <c>Roster:Shards</c>; one under the data folder when none is named.</summary>
    /// <param name="reader">The settings.</param>
    /// <param name="data">The flag <c>--data</c>: the only shard's folder, whatever the settings say.</param>
    internal static IReadOnlyList<ShardSettings> Read(SettingsReader reader, string? data)
    {
        var count = Count(reader);
        if (count <= 1)
        {
            var path = reader.Text("Shards:0:Path");
            return [new ShardSettings(ShardId.Control, data ?? path ?? "data")];
        }

        ShardSettings[] shards = [.. Enumerable.Range(0, count).Select(i => new ShardSettings(
            new ShardId(i),
            reader.Text($"Shards:{i}:Path") ?? throw new SettingsException($"Roster:Shards:{i}:Path is missing: name the folder of shard {i}.")))];
        var twice = shards.GroupBy(shard => Path.GetFullPath(shard.Folder)).FirstOrDefault(folder => folder.Count() > 1);
        return twice is null ? shards : throw new SettingsException(
            $"Shards {string.Join(" and ", twice.Select(shard => shard.Shard.Value))} have the same folder: give each shard its own.");
    }

    /// <summary>How many shards <c>Roster:Shards</c> names.</summary>
    internal static int Count(SettingsReader reader) => reader.Count("Shards") is var count && count <= Max
        ? count
        : throw new SettingsException($"Roster:Shards names more than {Max} shards.");
}
