namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs.</summary>
/// <param name="Shards">PostgreSQL servers.</param>
/// <param name="Nodes">API nodes.</param>
/// <param name="WithBouncers">Whether a pgbouncer stands before each server.</param>
/// <param name="WithKafka">Whether a Kafka broker is among it.</param>
internal sealed record ClusterSize(int Shards, int Nodes, bool WithBouncers, bool WithKafka);
