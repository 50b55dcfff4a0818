namespace Roster.Core.Events.Feed;

/// <summary>How a node follows its shards and serves streams.</summary>
public sealed record FeedOptions
{
    /// <summary>Streams on this node, at most.</summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>Streams of one key or subject on this node, at most.</summary>
    public int MaxStreamsPerCaller { get; init; } = 5_000;

    /// <summary>Streams of a caller that is bound to one user, at most: a person has a few devices.</summary>
    public int MaxStreamsOfOneUser { get; init; } = 20;

    /// <summary>Pause before the outbox is read again when it had nothing new.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Pause when it had something: the next events gather for so long.</summary>
    public TimeSpan BusyPoll { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Pause while nobody listens, and after a failure; then only the outbox's end is asked for.</summary>
    public TimeSpan IdlePoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries in one read of an outbox.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Entries in one read for a single stream that has to catch up.</summary>
    public int CatchUpPageSize { get; init; } = 200;

    /// <summary>Pages of one shard for single streams that are in memory at the same time.</summary>
    public int MaxCatchingUp { get; init; } = 16;

    /// <summary>Recent events that a stream may resume from without reading the store; also bounded by <see cref="MaxRecentBytes"/>.</summary>
    public int MaxRecent { get; init; } = 10_000;

    /// <summary>Bytes of recent events.</summary>
    public long MaxRecentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Events that wait for one stream, at most; with more the stream ends after what it has.</summary>
    public int MaxWaiting { get; init; } = 1_000;

    /// <summary>Bytes that wait for one stream, at most; those of an event count for each stream that it waits for.</summary>
    public long MaxWaitingBytes { get; init; } = 1024 * 1024;

    /// <summary>How often a stream is told where it is, so that a filtered one too resumes from near the end.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often streams are looked over: may they go on, are they stuck, is a beat due.</summary>
    public TimeSpan Pulse { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may take in nothing of what is sent before its connection is closed.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a new stream waits to learn where its shards are.</summary>
    public TimeSpan OpeningPatience { get; init; } = TimeSpan.FromSeconds(3);
}
