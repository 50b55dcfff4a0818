namespace Roster.Core.Storage;

/// <summary>Temporarily not possible: a shard cannot be reached or is shutting down. Nothing happened; safe to try again.</summary>
public class StoreUnavailableException : Exception
{
    /// <summary>With a sentence for the client.</summary>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Too much is waiting already, or the shard is not asked for a moment as it keeps failing; nothing happened. Try again after a moment.</summary>
public sealed class StoreBusyException(string message) : StoreUnavailableException(message)
{
    /// <summary>What is said of a queue that is too long, wherever it is.</summary>
    public const string TooManyWait = "Too many requests are waiting for the store; try again in a moment.";
}

/// <summary>A commit's outcome cannot be known: it may have happened. A retry with the same idempotency key is safe.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null)
    : StoreUnavailableException(message, inner);
