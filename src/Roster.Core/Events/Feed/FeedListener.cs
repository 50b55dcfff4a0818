namespace Roster.Core.Events.Feed;

/// <summary>Who listens, as far as the feed cares.</summary>
/// <param name="Filter">To what.</param>
/// <param name="Name">The key or subject whose streams are counted together.</param>
/// <param name="IsBound">Whether it may see one user only.</param>
public sealed record FeedListener(FeedFilter Filter, string Name, bool IsBound)
{
    /// <summary>Whether it still may: asked every second, so it must be quick.</summary>
    public required Func<bool> MayGoOn { get; init; }

    /// <summary>Closes its connection, when it takes nothing in any more.</summary>
    public required Action Abort { get; init; }
}

/// <summary>Why a stream cannot be opened.</summary>
public enum FeedRefusal
{
    /// <summary>It was opened.</summary>
    None,

    /// <summary>Events after the position have been removed already.</summary>
    Expired,

    /// <summary>This node has as many streams as it may.</summary>
    NodeIsFull,

    /// <summary>The caller has as many streams as it may.</summary>
    CallerIsFull,

    /// <summary>This node is shutting down.</summary>
    Draining,

    /// <summary>A shard cannot be reached, and this node does not know where it is.</summary>
    PositionUnknown,
}

/// <summary>Why a stream ends.</summary>
public enum FeedEnd
{
    /// <summary>The client went away.</summary>
    Left,

    /// <summary>More waited for it than may.</summary>
    TooSlow,

    /// <summary>Its key was revoked or has expired.</summary>
    NotAllowed,

    /// <summary>This node is shutting down.</summary>
    Draining,

    /// <summary>A shard has another history than the one that was told of, or removed what was not told yet.</summary>
    HistoryBroke,
}

/// <summary>A stream, or why there is none.</summary>
/// <param name="Stream">To be read and disposed.</param>
/// <param name="Refusal">Why not.</param>
public readonly record struct FeedOpening(EventStream? Stream, FeedRefusal Refusal);
