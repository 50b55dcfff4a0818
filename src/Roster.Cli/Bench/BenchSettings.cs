using Roster.Cli.Bench.Popularity;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Remote;

namespace Roster.Cli.Bench;

/// <summary>What to run.</summary>
/// <param name="Server">The server under load.</param>
/// <param name="Mix">What to request, and how often each.</param>
/// <param name="Connections">Connections, each with one request at a time.</param>
/// <param name="Rate">Requests a second of an open loop; null for a closed loop.</param>
/// <param name="Duration">Time measured.</param>
/// <param name="Requests">Requests measured at most.</param>
/// <param name="Warmup">Time before anything counts.</param>
/// <param name="Targets">Where the users come from that requests name.</param>
/// <param name="Popularity">How often each of them is chosen.</param>
/// <param name="AllowRemote">Whether the server may be another machine.</param>
internal sealed record BenchSettings(
    ServerAddress Server,
    Mix Mix,
    int Connections,
    double? Rate,
    TimeSpan Duration,
    long Requests,
    TimeSpan Warmup,
    TargetSource Targets,
    PopularityLaw Popularity,
    bool AllowRemote)
{
    /// <summary>The kind of loop, in words.</summary>
    public string Loop => Rate is { } rate ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"open loop at {rate:#,0.###}/s") : "closed loop";
}
