namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs.</summary>
/// <param name="Shards">PostgreSQL servers.</param>
/// <param name="Nodes">API nodes.</param>
/// <param name="Workers">Processes that relay and consume.</param>
/// <param name="WithBouncers">Whether a pgbouncer stands before each server.</param>
/// <param name="WithKafka">Whether a Kafka broker is among it; null: if it can be had.</param>
internal sealed record ClusterSize(int Shards, int Nodes, int Workers, bool WithBouncers, bool? WithKafka);
