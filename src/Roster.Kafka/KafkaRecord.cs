namespace Roster.Kafka;

/// <summary>A message as it lies on the topic; anybody may have put it there.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Offset">Its place there.</param>
/// <param name="Key">A user's id as text, if it is Roster's; null when it has none.</param>
/// <param name="Value">A CloudEvent, if it is Roster's; empty when it has none.</param>
public sealed record KafkaRecord(int Partition, long Offset, string? Key, ReadOnlyMemory<byte> Value);
