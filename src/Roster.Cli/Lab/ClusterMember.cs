namespace Roster.Cli.Lab;

/// <summary>A process of the lab.</summary>
/// <param name="Role"><c>shard 0</c>, <c>node 1</c>.</param>
/// <param name="Address">Where it listens.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="LogFile">Where it logs.</param>
/// <param name="Ended">Ends with it, and says how.</param>
internal sealed record ClusterMember(string Role, string Address, int ProcessId, string LogFile, Task<string> Ended);
