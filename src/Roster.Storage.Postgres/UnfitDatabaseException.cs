namespace Roster.Storage.Postgres;

/// <summary>A database that answers, but may not be used as this shard; the sentence says why, and what to do.</summary>
internal sealed class UnfitDatabaseException(string message) : Exception(message);
