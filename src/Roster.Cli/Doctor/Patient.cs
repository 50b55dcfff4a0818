using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Doctor;

/// <summary>What is examined.</summary>
/// <param name="Settings">The settings, which could be read.</param>
/// <param name="Shards">Its shards.</param>
/// <param name="Server">The server to ask, if one was named.</param>
/// <param name="Time">Now.</param>
internal sealed record Patient(RosterSettings Settings, InspectedShards Shards, Uri? Server, TimeProvider Time)
{
}
