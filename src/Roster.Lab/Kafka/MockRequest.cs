namespace Roster.Lab.Kafka;

/// <summary>Kinds of requests that <see cref="MockKafka"/> can be made to refuse: keys of Kafka's protocol.</summary>
public enum MockRequest : short
{
    /// <summary>Messages to a partition.</summary>
    Produce = 0,

    /// <summary>Messages from a partition.</summary>
    Fetch = 1,

    /// <summary>Which topics and leaders there are.</summary>
    Metadata = 3,

    /// <summary>A group's offsets are written.</summary>
    OffsetCommit = 8,

    /// <summary>A member shows that it lives.</summary>
    Heartbeat = 12,

    /// <summary>An idempotent producer asks for its id.</summary>
    InitProducerId = 22,
}
