namespace Roster.Storage.Sqlite;

/// <summary>SQLite's <c>synchronous</c>, by its numbers. Only <see cref="Full"/> keeps promises; the others are there to be caught.</summary>
internal enum SyncLevel
{
    /// <summary>Nothing is ever synced.</summary>
    Off = 0,

    /// <summary>The log is synced before a checkpoint only: a power failure takes acknowledged writes.</summary>
    Normal = 1,

    /// <summary>The log is synced at each COMMIT.</summary>
    Full = 2,
}
