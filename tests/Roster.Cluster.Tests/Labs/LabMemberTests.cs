using System.Net;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Labs;

/// <summary>Anybody can break and mend the members of a running lab, by their names.</summary>
public sealed class LabMemberTests
{
    [Fact]
    public async Task Members_are_killed_paused_resumed_and_started_by_name()
    {
        await using var lab = await LabProcess.StartAsync("--shards", "1", "--nodes", "1", "--workers", "0", "--kafka=false");
        using var http = lab.Connect("node 1");
        Assert.Equal(HttpStatusCode.Created, await SignUpAsync(http, 0));
        var shard = lab.Members.First(member => member.Role == "shard 0");

        await SaysAsync(lab, $"shard 0 (process {shard.Process}) is paused, with all its processes. roster lab resume lets it go on.", "pause", "shard", "0");
        await RefusesAsync(lab, "shard 0 is paused already: roster lab resume lets it go on.", "pause", "shard 0");
        Assert.All(ProcessTree.Of(shard.Process), id => Assert.Contains(") T ", File.ReadAllText($"/proc/{id}/stat"), StringComparison.Ordinal));
        var held = SignUpAsync(http, 1);
        Assert.NotSame(held, await Task.WhenAny(held, Task.Delay(500)));
        await SaysAsync(lab, $"shard 0 (process {shard.Process}) goes on.", "resume", "shard", "0");
        Assert.Equal(HttpStatusCode.Created, await held);
        await RefusesAsync(lab, "shard 0 is not paused.", "resume", "shard", "0");
        await RefusesAsync(lab, "shard 0 runs already.", "start", "shard", "0");

        await SaysAsync(lab, $"shard 0 (process {shard.Process}) is killed, with all its processes. roster lab start brings it back.", "kill", "Shard 0");
        await RefusesAsync(lab, "shard 0 does not run, it was killed by signal 9: roster lab start brings it back.", "kill", "shard 0");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SignUpAsync(http, 2));
        Assert.Matches(@"shard 0 .* was killed by signal 9\n", (await lab.RunAsync("status")).Output);
        Assert.Equal(0, (await lab.RunAsync("start", "shard", "0")).ExitCode);
        await UntilAsync(async () => await SignUpAsync(http, 3) == HttpStatusCode.Created);
        Assert.Matches(@"shard 0 .* runs\n", (await lab.RunAsync("status")).Output);

        await RefusesAsync(lab, "The lab has no member \"shard 7\". It has: shard 0, node 1.", "kill", "shard 7");
        await RefusesAsync(lab, "shard 0 is not under Patroni: leave --postmaster out, and all its processes are killed.", "kill", "shard 0", "--postmaster");
        Assert.Equal(0, (await lab.RunAsync("kill", "node", "1")).ExitCode);
        Assert.Equal(0, (await lab.RunAsync("start", "node", "1")).ExitCode);
        Assert.Equal(HttpStatusCode.Created, await SignUpAsync(http, 4));
        Assert.Equal(0, (await lab.RunAsync("down")).ExitCode);
        await RefusesAsync(lab, $"No lab is up in {lab.Folder}.", "kill", "shard 0");
    }

    [Fact]
    public async Task A_replica_is_a_member_too()
    {
        await using var lab = await LabProcess.StartAsync("--shards", "1", "--replicas", "1", "--nodes", "1", "--workers", "0", "--kafka=false");
        Assert.Equal(["shard 0", "shard 0 replica 1", "node 1"], lab.Members.Select(member => member.Role));
        Assert.Equal(0, (await lab.RunAsync("kill", "shard", "0", "replica", "1")).ExitCode);
        using var http = lab.Connect("node 1");
        Assert.Equal(HttpStatusCode.Created, await SignUpAsync(http, 0));
        Assert.Equal(0, (await lab.RunAsync("start", "shard", "0", "replica", "1")).ExitCode);
        Assert.Equal(0, (await lab.RunAsync("down")).ExitCode);
        Assert.False(lab.IsAnythingLeft);
    }

    [Fact]
    public async Task Under_Patroni_another_takes_over_and_a_killed_lab_leaves_nothing()
    {
        await using var lab = await LabProcess.StartAsync("--shards", "1", "--patroni", "--replicas", "1", "--nodes", "1", "--workers", "0", "--kafka=false");
        Assert.Equal(["etcd", "shard 0 member 1", "shard 0 member 2", "node 1"], lab.Members.Select(member => member.Role));
        using var http = lab.Connect("node 1");
        Assert.Equal(HttpStatusCode.Created, await SignUpAsync(http, 0));
        var killed = await lab.RunAsync("kill", "shard", "0", "member", "1", "--postmaster");
        Assert.Matches(@"^PostgreSQL's first process of shard 0 member 1 \(\d+\) is killed\. Patroni goes on", killed.Output);
        await UntilAsync(async () => await SignUpAsync(http, 1) == HttpStatusCode.Created);

        // A member that hangs hinders the end no more than others, and no PostgreSQL outlives its Patroni.
        Assert.Equal(0, (await lab.RunAsync("pause", "shard", "0", "member", "2")).ExitCode);
        lab.Process.Kill();
        await LabProcess.UntilAsync(() => !lab.IsAnythingLeft, () => $"Left: {lab.Folder}, {string.Join(", ", lab.Members)}");

        // The shell that removed the last folder is itself the last to go.
        string[] left = [];
        await LabProcess.UntilAsync(
            () => (left = [.. Directory.GetDirectories("/proc").Select(Commands.Of).Where(command => command.Contains(lab.Folder, StringComparison.Ordinal))]).Length == 0,
            () => $"Left: {string.Join('\n', left)}");
    }

    private static async Task<HttpStatusCode> SignUpAsync(HttpClient http, int number)
    {
        using var answer = await http.PostAsJsonAsync("/users", new { name = "Ada", email = $"ada{number}@example.com" });
        return answer.StatusCode;
    }

    private static async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        for (var i = 0; !await holdsAsync(); i++)
        {
            Assert.True(i < 200, "The lab's members did not come back.");
            await Task.Delay(100);
        }
    }

    private static async Task SaysAsync(LabProcess lab, string sentence, params string[] arguments)
    {
        var said = await lab.RunAsync(arguments);
        Assert.Equal((0, sentence, string.Empty), (said.ExitCode, said.Output.TrimEnd(), said.Errors));
    }

    private static async Task RefusesAsync(LabProcess lab, string sentence, params string[] arguments)
    {
        var refused = await lab.RunAsync(arguments);
        Assert.Equal((1, string.Empty, sentence), (refused.ExitCode, refused.Output, refused.Errors.TrimEnd()));
    }
}
