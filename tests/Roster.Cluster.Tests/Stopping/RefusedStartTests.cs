using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Stopping;

/// <summary>A server that cannot start says why in one sentence on standard error, and ends.</summary>
public sealed class RefusedStartTests
{
    [Fact]
    public async Task A_second_server_on_one_data_folder_is_refused()
    {
        await using var server = await RosterProcess.StartAsync();
        var second = await server.RunAsync("serve", "--urls", $"http://127.0.0.1:{LoopbackPorts.Free()}", "--data", server.Data);
        IsOneSentence(second, exitCode: 1, "in use by process");
    }

    [Fact]
    public async Task An_unknown_flag_is_wrong_usage()
    {
        await using var server = await RosterProcess.StartAsync();
        IsOneSentence(await server.RunAsync("serve", "--nonsense"), exitCode: 2, "--nonsense");
    }

    [Fact]
    public async Task A_port_that_another_server_has_is_refused()
    {
        await using var server = await RosterProcess.StartAsync();
        IsOneSentence(
            await server.RunAsync("serve", "--urls", server.Address.ToString().TrimEnd('/'), "--data", "another"),
            exitCode: 1,
            $"{server.Address.Authority}: address already in use");
    }

    [Fact]
    public async Task A_setting_that_does_not_exist_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("roster-test-");
        try
        {
            Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["Roster__Foo"] = "1" };
            IsOneSentence(
                await Ended.RunAsync(folder.FullName, ["serve", "--urls", $"http://127.0.0.1:{LoopbackPorts.Free()}"], environment),
                exitCode: 1,
                "Roster:Foo is no setting");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void IsOneSentence(Ended ended, int exitCode, string about)
    {
        Assert.Equal(exitCode, ended.ExitCode);
        var line = Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(about, line, StringComparison.Ordinal);
    }
}
