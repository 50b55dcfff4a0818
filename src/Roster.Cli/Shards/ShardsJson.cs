using System.Text.Json.Serialization;

namespace Roster.Cli.Shards;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ShardList))]
[JsonSerializable(typeof(IReadOnlyList<ShardStatus>))]
internal sealed partial class ShardsJson : JsonSerializerContext;
