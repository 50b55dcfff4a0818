using System.Diagnostics;
using System.Globalization;

namespace Roster.Lab.Gateway;

/// <summary>
/// Apollo's gateway (npm's <c>@apollo/gateway</c>, on node) over a running Roster and the example subgraph of badges, both of
/// <c>examples/federation</c>, on free ports of loopback.
/// </summary>
public sealed class FederationGateway : IAsyncDisposable
{
    private static readonly string[] Files = ["package.json", "package-lock.json", "badges.graphql", "badges.js", "compose.js", "gateway.js"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly WatchedProcess process;

    private FederationGateway(WatchedProcess process, Uri url) => (this.process, Url) = (process, url);

    /// <summary>Where it takes queries.</summary>
    public Uri Url { get; }

    /// <summary>Starts one, and waits until it listens, so until both schemas were composed.</summary>
    /// <param name="folder">A folder of its own, for its log.</param>
    /// <param name="packages">A folder where npm's packages are kept from run to run.</param>
    /// <param name="roster">The running server.</param>
    /// <param name="key">A key of it, to read its schema with.</param>
    /// <param name="badges">A JSON array of <c>{ "name", "userId" }</c>.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LabException">node or npm is missing, or it does not start.</exception>
    public static async Task<FederationGateway> StartAsync(
        string folder, string packages, Uri roster, string key, string badges, CancellationToken cancellation)
    {
        packages = await InstallAsync(packages);
        var (port, badgesPort) = (LoopbackPorts.Free(), LoopbackPorts.Free());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ROSTER"] = roster.GetLeftPart(UriPartial.Authority),
            ["ROSTER_KEY"] = key,
            ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["BADGES_PORT"] = badgesPort.ToString(CultureInfo.InvariantCulture),
            ["BADGES"] = badges,
            ["APOLLO_TELEMETRY_DISABLED"] = "true",
        };
        var node = await WatchedProcess.StartAsync(folder, Signal.Terminate, settings, "node", Path.Combine(packages, "gateway.js"));
        var log = Path.Combine(folder, WatchedProcess.LogName);
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < Patience && WatchedProcess.IsAlive(node.Id);)
        {
            if (File.Exists(log) && (await ReadAsync(log, cancellation)).Contains("The gateway listens", StringComparison.Ordinal))
            {
                return new FederationGateway(node, new Uri($"http://127.0.0.1:{port}/"));
            }

            await Task.Delay(Pause, cancellation);
        }

        var said = await ReadAsync(log, cancellation);
        await node.DisposeAsync();
        throw new LabException($"The gateway did not start: {said}");
    }

    /// <summary>Composes a schema with the example's; throws, with what composition says, when they do not fit.</summary>
    /// <param name="packages">A folder where npm's packages are kept from run to run.</param>
    /// <param name="schema">A file.</param>
    /// <exception cref="LabException">They do not compose, or node or npm is missing.</exception>
    public static async Task ComposeAsync(string packages, string schema) =>
        await LabCommand.RunAsync("node", Path.Combine(await InstallAsync(packages), "compose.js"), schema);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<string> InstallAsync(string packages)
    {
        packages = Path.GetFullPath(packages);
        await NpmPackage.InstallAsync(typeof(FederationGateway).Assembly, "Roster.Lab.Gateway.", Files, packages);
        return packages;
    }

    private static async Task<string> ReadAsync(string log, CancellationToken cancellation)
    {
        await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }
}
