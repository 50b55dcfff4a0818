using System.Globalization;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>Blue-green and a rolling restart over nginx under load: no request fails, not even one that nobody may repeat.</summary>
public sealed class SwitchedTests(ITestOutputHelper output)
{
    private const int PerSecond = 300;
    private const int Keyless = 5;
    private const int Colour = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    [Fact]
    [Trait("Category", "Long")]
    public async Task No_request_fails_when_versions_are_switched_both_ways_and_nodes_restarted() =>
        await Report.WriteAsync("blue-green.md", $"{Head}{await RunAsync(withTls: false)}{await RunAsync(withTls: true)}");

    private async Task<string> RunAsync(bool withTls)
    {
        var seed = Seed.Take(output);
        await using var edge = await EdgeCluster.WithAsync(2 * Colour, blue: Colour, withTls);
        using var http = edge.Connect();
        var (blue, green) = (edge.Nodes.Take(Colour).ToList(), edge.Nodes.Skip(Colour).ToList());
        await using var service = new RestartService(edge.Nodes);
        await new EdgeLoad(http, PerSecond / 4, seed, Keyless).WhileAsync(() => Task.Delay(Pause));
        var load = new EdgeLoad(http, PerSecond, seed + 1, Keyless);
        List<string> steps = [];
        await load.WhileAsync(async () =>
        {
            await Task.Delay(Pause);
            await StepAsync("blue to green", "switch", "green");
            await StopAsync(blue);
            await Task.Delay(Pause);
            await StartAsync(blue);
            await StepAsync("back to blue", "back");
            await StopAsync(green);
            await Task.Delay(Pause);
            await StartAsync(green);
            await StepAsync("blue and green", "switch", "both");
            await StepAsync("rolling restart of both", "restart", service.Command);
            await Task.Delay(Pause);
        });
        var (failures, lost) = (load.Failures(), await load.LostAsync(http));
        var text = Text(withTls ? "HTTP/2 over TLS" : "HTTP/1.1", load, steps, failures, lost);
        Assert.Equal(4, steps.Count);
        Assert.InRange(load.Done.Count, 12 * PerSecond, int.MaxValue);
        Assert.Contains(load.Done, request => !request.Kind.IsRepeatable);
        Assert.Empty(lost);
        Assert.True(failures.Count == 0, text);
        return text;

        async Task StepAsync(string what, string verb, params string[] arguments)
        {
            var from = load.Now;
            var ended = await BlueGreen.RunAsync(edge.Nginx, [verb, .. arguments]);
            Assert.True(ended.ExitCode == 0, ended.Errors);
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"- {what}: {load.Now - from:0.0} s"));
        }
    }

    private static async Task StopAsync(List<RosterProcess> nodes) =>
        Assert.All(await Task.WhenAll(nodes.Select(node => node.StopAsync(Signal.Terminate))), code => Assert.Equal(0, code));

    private static Task StartAsync(List<RosterProcess> nodes) => Task.WhenAll(nodes.Select(node => node.StartAgainAsync()));

    private static string Head => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Blue-green and a rolling restart over nginx

        `./test No_request_fails_when_versions_are_switched_both_ways_and_nodes_restarted`: {Colour} blue and {Colour} green nodes over one PostgreSQL,
        switched by `deploy/blue-green/nginx --drain 2` while {PerSecond} requests a second begin in an open loop, all on one machine of {Environment.ProcessorCount} cores. The
        client sends each request once. Of a hundred requests {Keyless} are sign-ups without an Idempotency-Key, which nobody may repeat. The nodes that serve no
        more are stopped (SIGTERM) as soon as the command has ended.

        """);

    private static string Text(string protocol, EdgeLoad load, List<string> steps, IReadOnlyList<string> failures, IReadOnlyList<string> lost) => string.Create(
        CultureInfo.InvariantCulture,
        $"""

        ## {protocol}

        {string.Join('\n', steps)}
        - **{load.Done.Count:N0} requests, {failures.Count} failed.** {load.Known.Count:N0} users were acknowledged, {lost.Count} of them or of their changes were missing at the end.

        {load.Table()}{(failures.Count == 0 ? string.Empty : $"\nWhat failed:\n\n{string.Concat(failures.Take(20).Select(failure => $"- {failure}\n"))}")}
        """);
}
