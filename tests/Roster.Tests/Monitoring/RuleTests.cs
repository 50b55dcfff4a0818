using System.Diagnostics;
using Roster.Tests.Architecture;
using Roster.Tests.Scripts;
using Xunit;

namespace Roster.Tests.Monitoring;

/// <summary>Prometheus' own tool on the rules, and Grafana's dashboards beside the program that writes them.</summary>
public sealed class RuleTests
{
    private static readonly string Folder = Path.Combine(Sources.Root, "deploy", "monitoring");

    [Fact]
    public async Task Each_alert_fires_on_its_outage_and_not_before()
    {
        var tests = Directory.GetFiles(Path.Combine(Folder, "tests"), "*.yml");
        Assert.NotEmpty(tests);
        await PromtoolAsync(["test", "rules", .. tests]);
    }

    [Theory]
    [InlineData("roster.yml")]
    [InlineData("machines.yml")]
    public async Task Every_alert_has_a_test(string file)
    {
        var alerts = Words(await File.ReadAllLinesAsync(Path.Combine(Folder, "rules", file), TestContext.Current.CancellationToken), "- alert: ");
        var tested = Words(await File.ReadAllLinesAsync(Path.Combine(Folder, "tests", file), TestContext.Current.CancellationToken), "- name: ");
        Assert.NotEmpty(alerts);
        Assert.Equal(alerts, tested);
    }

    [Fact]
    public Task Prometheus_takes_its_settings() => PromtoolAsync(["check", "config", Path.Combine(Folder, "prometheus.yml")]);

    [Fact]
    public async Task Dashboards_are_what_their_program_writes()
    {
        var dashboards = Directory.GetFiles(Path.Combine(Folder, "grafana", "dashboards"), "*.json");
        var before = dashboards.Select(File.ReadAllText).ToList();
        Assert.Equal(5, before.Count);
        Assert.Equal(0, (await Script.RunAsync("deploy/monitoring/grafana/generate", "")).Code);
        Assert.Equal(before, dashboards.Select(File.ReadAllText));
    }

    private static List<string> Words(IEnumerable<string> lines, string before) =>
        [.. lines.Select(line => line.Trim()).Where(line => line.StartsWith(before, StringComparison.Ordinal)).Select(line => line[before.Length..])];

    private static async Task PromtoolAsync(string[] arguments)
    {
        using var tool = Process.Start(new ProcessStartInfo("/usr/bin/promtool", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = tool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(tool.ExitCode == 0, $"{await output}{errors}");
    }
}
