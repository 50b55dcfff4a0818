using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>A point in one shard's history of commits.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Timeline">Which life of it: positions of different timelines cannot be compared.</param>
/// <param name="Value">Grows with every commit: a commit counter on SQLite, an LSN on PostgreSQL.</param>
public readonly record struct Position(ShardId Shard, long Timeline, long Value);
