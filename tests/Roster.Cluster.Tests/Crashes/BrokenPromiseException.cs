namespace Roster.Cluster.Tests.Crashes;

/// <summary>A promise that a crash broke, in a sentence.</summary>
public sealed class BrokenPromiseException(string message) : Exception(message);
