using System.Net.Sockets;
using Npgsql;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Which of PostgreSQL's errors mean an outage, and how they are told.</summary>
internal static class PostgresErrors
{
    /// <summary>What <c>roster_commit</c> raises for a bucket that another shard owns.</summary>
    public const string NotOwned = "RO001";

    /// <summary>True when the whole transaction is to be run again: another one was in its way, and it wrote nothing. A user that is
    /// there already shows in the first of its tables that is written.</summary>
    public static bool IsCollision(PostgresException error) =>
        error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
        || (error.SqlState == PostgresErrorCodes.UniqueViolation && error.ConstraintName is "users_pkey" or "claims_pkey" or "events_pkey");

    /// <summary>True when the connection is gone, and with it the answer.</summary>
    public static bool IsLostConnection(Exception error) => error switch
    {
        PostgresException told => told.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.IdleSessionTimeout or PostgresErrorCodes.DatabaseDropped
            // A pgbouncer's own words for the loss of its connection, whatever had been sent on it.
            || told.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or IOException or SocketException or ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>The error as callers are told it: the outage it means, or itself. Nothing was written.</summary>
    public static Exception Told(Exception error) => error switch
    {
        PostgresException told => (Exception?)AsOutage(told) ?? told,
        UnfitDatabaseException => new StoreUnavailableException(error.Message, error),
        NpgsqlException { InnerException: TimeoutException } => new StoreUnavailableException("The database did not answer in time.", error),
        NpgsqlException or IOException or SocketException or TimeoutException => new StoreUnavailableException("The database cannot be reached.", error),
        _ => error,
    };

    private static StoreUnavailableException Busy(string message) => new StoreBusyException(message);

    private static StoreUnavailableException? AsOutage(PostgresException error) => error.SqlState switch
    {
        _ when Bouncer.Sign(error) is { } sign => new(sign, error),
        NotOwned => new("These users are moving to another shard; try again in a moment.", error),
        PostgresErrorCodes.DiskFull => new("The disk of the database is full; free some space.", error),
        PostgresErrorCodes.TooManyConnections => Busy("The database has no connection left."),
        PostgresErrorCodes.LockNotAvailable => new("The rows are locked by another transaction.", error),
        PostgresErrorCodes.ReadOnlySqlTransaction => new("The database only reads: it is a replica.", error),
        PostgresErrorCodes.QueryCanceled => new("The database did not answer in time.", error),
        PostgresErrorCodes.OutOfMemory => new("The database is out of memory.", error),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => Busy("Too many changes met."),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new("The database refuses Roster's user or password.", error),
        PostgresErrorCodes.InvalidCatalogName => new("The database does not exist.", error),
        var state when state.StartsWith("57P", StringComparison.Ordinal) => new("The database is starting or shutting down.", error),
        var state when state.StartsWith("08", StringComparison.Ordinal) => new("The connection to the database broke.", error),
        var state when state.StartsWith("58", StringComparison.Ordinal) || state.StartsWith("XX", StringComparison.Ordinal) =>
            new("The database's files cannot be read or written.", error),
        _ => null,
    };
}
