using Roster.Core.Ids;

namespace Roster.Storage.Sqlite;

/// <summary>Where a shard lies.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Folder">Its data folder.</param>
public sealed record ShardFolder(ShardId Shard, string Folder);
