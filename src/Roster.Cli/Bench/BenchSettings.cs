using Roster.Cli.Remote;

namespace Roster.Cli.Bench;

/// <summary>What to run.</summary>
/// <param name="Server">The server under load.</param>
/// <param name="Connections">Connections, each with one request at a time.</param>
/// <param name="Duration">Time measured.</param>
/// <param name="Requests">Requests measured at most.</param>
/// <param name="Warmup">Time before anything counts.</param>
/// <param name="Mix"><c>create</c> or <c>get</c>.</param>
/// <param name="Users">For <c>get</c>: users to register first.</param>
/// <param name="IdsFile">For <c>get</c>: a file of ids to read instead, one a line.</param>
/// <param name="AllowRemote">Whether the server may be another machine.</param>
internal sealed record BenchSettings(
    ServerAddress Server,
    int Connections,
    TimeSpan Duration,
    long Requests,
    TimeSpan Warmup,
    string Mix,
    int Users,
    string? IdsFile,
    bool AllowRemote);
