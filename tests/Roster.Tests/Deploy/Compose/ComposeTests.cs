using System.Text.RegularExpressions;
using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Deploy.Compose;

/// <summary>What must hold of the compose files.</summary>
public sealed partial class ComposeTests
{
    public static TheoryData<string> Files => ["single", "replicated", "sharded"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Services_have_no_rights_and_nothing_to_write_to_but_volumes(string name) => Assert.All(ComposeFile.Read(name).Services, service =>
    {
        Assert.Equal(["ALL"], service.Value.List("cap_drop"));
        Assert.Equal(["no-new-privileges:true"], service.Value.List("security_opt"));
        Assert.Equal(service.Key == "kafka" ? "false" : "true", service.Value.Text("read_only"));
        Assert.All((string[])["privileged", "network_mode", "pid", "cap_add", "container_name"], key => Assert.False(service.Value.ContainsKey(key), key));
    });

    [Theory]
    [MemberData(nameof(Files))]
    public void Services_have_limits(string name) => Assert.All(ComposeFile.Read(name).Services, service =>
        Assert.All((string[])["mem_limit", "cpus", "pids_limit"], key => Assert.True(service.Value.ContainsKey(key), $"{service.Key}: {key}")));

    [Theory]
    [MemberData(nameof(Files))]
    public void Images_are_pinned(string name) => Assert.All(ComposeFile.Read(name).Services, service =>
        Assert.Matches(@"^(\$\{ROSTER_IMAGE:-localhost/roster:dev\}|[a-z/-]+:\d+\.\d+[\w.-]*)$", service.Value.Text("image")));

    [Theory]
    [MemberData(nameof(Files))]
    public void Only_loopback_is_listened_on_and_only_by_one(string name)
    {
        var ports = ComposeFile.Read(name).Services.SelectMany(service => service.Value.List("ports"));

        Assert.Equal("127.0.0.1:${ROSTER_PORT:-8080}:8080", Assert.Single(ports));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_waited_for_can_come_about(string name)
    {
        var services = ComposeFile.Read(name).Services;

        Assert.All(services.SelectMany(service => service.Value.Map("depends_on")), dependency =>
        {
            var awaited = services[(string)dependency.Key];
            var condition = ((Dictionary<object, object>)dependency.Value).Text("condition");
            Assert.True(
                condition == (awaited.Text("restart") == "no" ? "service_completed_successfully" : "service_healthy"), $"{dependency.Key}: {condition}");
            Assert.True(
                condition != "service_healthy" || awaited.ContainsKey("healthcheck") || awaited.Text("image")!.Contains("ROSTER_IMAGE", StringComparison.Ordinal),
                $"{dependency.Key} says nothing of its health.");
        });
    }

    [Theory]
    [InlineData("single", 1)]
    [InlineData("replicated", 3)]
    [InlineData("sharded", 3)]
    public void The_program_would_start_with_the_settings(string name, int roles)
    {
        var services = ComposeFile.Read(name).OfRoster.ToList();

        Assert.Equal(roles, services.Count);
        Assert.All(services, service =>
        {
            var settings = DeployedSettings.Read(service.Value.Map("environment").Select(pair => KeyValuePair.Create((string)pair.Key, (string?)Filled((string)pair.Value))));
            Assert.Equal(name == "single", settings.Postgres is null);
            Assert.NotNull(settings.Auth.AdminKeyHash);
        });
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_secret_is_in_the_files(string name)
    {
        var values = ComposeFile.Read(name).Services
            .SelectMany(service => service.Value.Map("environment"))
            .Where(pair => Secret().IsMatch((string)pair.Key));
        Assert.All(values, pair => Assert.Contains(":?write it to .env}", (string)pair.Value, StringComparison.Ordinal));
        Assert.NotEmpty(values);
    }

    /// <summary>Whoever extends a file is asked for all its variables.</summary>
    [Fact]
    public void What_all_extend_asks_for_nothing_that_only_some_need() => Assert.Equal(
        ["ROSTER_ADMIN_KEY", "ROSTER_IMAGE", "ROSTER_PORT"],
        Variable().Matches(File.ReadAllText(Path.Combine(Sources.Root, "deploy", "compose", "common.yaml")))
            .Select(found => found.Groups["name"].Value).Where(name => name.StartsWith("ROSTER", StringComparison.Ordinal) || name.Contains("PASSWORD", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    [Fact]
    public void The_example_names_every_variable_that_must_be_written()
    {
        var folder = Path.Combine(Sources.Root, "deploy", "compose");
        var needed = Directory.EnumerateFiles(folder, "*.yaml").SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(found => found.Groups["name"].Value);

        var example = File.ReadAllText(Path.Combine(folder, "example.env"));
        Assert.All(needed.Distinct(StringComparer.Ordinal), variable => Assert.Matches($"(?m)^#?{variable}=", example));
    }

    private static string Filled(string value) => Variable().Replace(value, "at-least-16-characters");

    [GeneratedRegex(@"\$\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("(?i)password|adminkey", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
