using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Deploy.BlueGreen;

/// <summary>
/// In which order <c>deploy/blue-green/k8s</c> does what. No cluster can be had here, so a script stands in for one: that
/// Kubernetes itself does what it is asked is not tested.
/// </summary>
public sealed class BlueGreenTests : IDisposable
{
    private const string New = "registry.example/roster@sha256:0000000000000000000000000000000000000000000000000000000000000001";

    private readonly DirectoryInfo cluster = Directory.CreateTempSubdirectory("roster-cluster-");

    public void Dispose() => cluster.Delete(recursive: true);

    [Fact]
    public async Task The_new_nodes_serve_before_the_old_ones_stop_and_after_the_schema_is_up()
    {
        Serving("blue", replicas: 5);

        var done = await RunAsync("deploy", New, "--soak", "0");

        Assert.Equal((0, "green", New, New), (done.Code, Read("serves"), Read("roster-api-green.image"), Read("roster-worker.image")));
        Assert.Equal(("5", "0"), (Read("roster-api-green.replicas"), Read("roster-api-blue.replicas")));
        Assert.Equal("old", Read("roster-api-blue.image"));
        InOrder(
            "apply Job/roster-migrate-",
            "apply Deployment/roster-api-green",
            "scale deployment/roster-api-green 5",
            "rollout deployment/roster-api-green",
            "exec deployment/roster-api-green",
            """patch {"spec":{"selector":{"roster.dev/colour":"green"}}}""",
            "apply Deployment/roster-worker",
            "rollout deployment/roster-worker",
            "scale deployment/roster-api-blue 0");
    }

    [Fact]
    public async Task The_first_version_is_blue()
    {
        var done = await RunAsync("deploy", "registry.example/roster:0.1.0", "--soak", "0");

        Assert.Equal((0, "blue", "registry.example/roster:0.1.0", "3"), (done.Code, Read("serves"), Read("roster-api-blue.image"), Read("roster-api-blue.replicas")));
    }

    [Theory]
    [InlineData("migration", "the migration failed; blue goes on serving.")]
    [InlineData("rollout", "green did not become ready; blue goes on serving.")]
    public async Task What_fails_before_the_switch_changes_nothing_for_callers(string what, string sentence)
    {
        Serving("blue", replicas: 3);

        var done = await RunAsync(["deploy", New, "--soak", "0"], what);

        Assert.Equal((1, "blue", "3"), (done.Code, Read("serves"), Read("roster-api-blue.replicas")));
        Assert.Contains(sentence, done.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("patch", Read("log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_nodes_that_fall_ill_lose_their_callers_to_the_old_ones()
    {
        Serving("green", replicas: 3);

        var done = await RunAsync(["deploy", New, "--soak", "20"], "health");

        Assert.Equal((1, "green", "3"), (done.Code, Read("serves"), Read("roster-api-green.replicas")));
        Assert.Contains("blue stopped being ready: green serves again.", done.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_way_back_starts_the_old_nodes_first()
    {
        Serving("blue", replicas: 4);
        await RunAsync("deploy", New, "--soak", "0");
        File.Delete(Path.Combine(cluster.FullName, "log"));

        var done = await RunAsync("back");

        Assert.Equal((0, "blue", "old", "4", "0"), (done.Code, Read("serves"), Read("roster-worker.image"), Read("roster-api-blue.replicas"), Read("roster-api-green.replicas")));
        InOrder("scale deployment/roster-api-blue 4", "rollout deployment/roster-api-blue", "patch", "scale deployment/roster-api-green 0");
    }

    [Fact]
    public async Task A_dry_run_says_every_change_and_makes_none()
    {
        Serving("blue", replicas: 3);

        var done = await RunAsync("deploy", New, "--dry-run");

        Assert.Equal((0, "blue", string.Empty), (done.Code, Read("serves"), Read("log")));
        Assert.Contains("would run: kubectl patch service roster", done.Output, StringComparison.Ordinal);
        Assert.Contains($"image: {New}", done.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "deploy/blue-green/k8s: brings a version")]
    [InlineData(2, "deploy/blue-green/k8s: brings a version", "deploy")]
    [InlineData(2, "deploy/blue-green/k8s: brings a version", "back", "--soak", "soon")]
    [InlineData(1, "blue-green: roster names no version: write NAME:TAG or NAME@sha256:…", "deploy", "roster")]
    public async Task Wrong_usage_changes_nothing(int code, string sentence, params string[] arguments)
    {
        Serving("blue", replicas: 3);

        var done = await RunAsync(arguments, what: null);

        Assert.Equal((code, string.Empty), (done.Code, Read("log")));
        Assert.Contains(sentence, done.Errors, StringComparison.Ordinal);
    }

    private void Serving(string colour, int replicas)
    {
        Write("serves", colour);
        Write($"roster-api-{colour}.image", "old");
        Write($"roster-api-{colour}.replicas", $"{replicas}");
        Write("roster-worker.image", "old");
    }

    private Task<ToolAnswer> RunAsync(params string[] arguments) => RunAsync(arguments, what: null);

    private async Task<ToolAnswer> RunAsync(string[] arguments, string? what)
    {
        var real = await Tool.RunAsync("sh is missing.", new Dictionary<string, string>(), "sh", "-c", "command -v kubectl");
        Assert.True(real.Code == 0, "kubectl is not on the PATH: install kubectl 1.27 or newer.");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = $"{Path.Combine(AppContext.BaseDirectory, "Deploy", "BlueGreen", "Data")}:{Environment.GetEnvironmentVariable("PATH")}",
            ["REAL"] = real.Output.Trim(),
            ["CLUSTER"] = cluster.FullName,
            ["BREAK"] = what ?? string.Empty,
        };
        return await Tool.RunAsync("bash is missing.", environment, ["bash", Path.Combine(Sources.Root, "deploy", "blue-green", "k8s"), .. arguments]);
    }

    private void InOrder(params string[] expected)
    {
        var from = 0;
        var log = Read("log").Split('\n');
        Assert.All(expected, step =>
        {
            var at = Array.FindIndex(log, from, line => line.StartsWith(step, StringComparison.Ordinal));
            Assert.True(at >= 0, $"{step} does not follow in:\n{string.Join('\n', log)}");
            from = at + 1;
        });
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(cluster.FullName, name), text);

    private string Read(string name)
    {
        var file = Path.Combine(cluster.FullName, name);
        return File.Exists(file) ? File.ReadAllText(file).Trim() : string.Empty;
    }
}
