using System.Net;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Labs;

/// <summary><c>roster lab up</c>: a cluster in one command, of which nothing is left however it ends.</summary>
public sealed class LabTests
{
    private static readonly string[] TwoOfEach = ["--shards", "2", "--nodes", "2"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_nodes_over_two_shards_are_one_cluster_until_lab_down(bool withBouncers)
    {
        await using var lab = await LabProcess.StartAsync([.. TwoOfEach, "--kafka", .. withBouncers ? ["--pgbouncer", "--nginx"] : Array.Empty<string>()]);
        string[] shards = withBouncers ? ["shard 0", "pgbouncer 0", "shard 1", "pgbouncer 1"] : ["shard 0", "shard 1"];
        Assert.Equal([.. shards, "kafka", "node 1", "node 2", "worker 1", .. withBouncers ? ["nginx"] : Array.Empty<string>()], lab.Members.Select(m => m.Role));
        using var first = lab.Connect("node 1");
        using var second = lab.Connect(withBouncers ? "nginx" : "node 2");
        foreach (var number in Enumerable.Range(0, 10))
        {
            using var created = await first.PostAsJsonAsync("/users", new { name = "Ada", email = $"ada{number}@example.com" });
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, created.Headers.Location);
            request.Headers.Add("Consistency-Token", created.Headers.GetValues("Consistency-Token"));
            using var read = await second.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
            Assert.Equal(await created.Content.ReadAsStringAsync(), await read.Content.ReadAsStringAsync());
        }

        // The relay publishes them, and a consumer reads them from Kafka.
        var mails = Path.Combine(lab.Folder, "mails");
        await LabProcess.UntilAsync(() => Directory.GetFiles(mails, "*.eml").Length >= 10, () => $"{Directory.GetFiles(mails, "*.eml").Length} mails of 10");
        Assert.Contains("runs in", (await lab.RunAsync("up")).Errors, StringComparison.Ordinal);
        var key = await File.ReadAllTextAsync(Path.Combine(lab.Folder, "admin.key"));
        Assert.All(lab.Members, member => Assert.DoesNotContain(key, File.ReadAllText(member.Log), StringComparison.Ordinal));
        Assert.DoesNotContain(key, lab.Process.Output, StringComparison.Ordinal);

        var down = await lab.RunAsync("down");
        Assert.Equal((0, string.Empty), (down.ExitCode, down.Errors));
        Assert.False(lab.IsAnythingLeft);
        Assert.Equal(0, await lab.Process.WaitAsync(RosterProcess.Patience));
    }

    [Fact]
    public async Task A_member_that_dies_is_told_of_and_the_others_go_on()
    {
        await using var lab = await LabProcess.StartAsync([.. TwoOfEach, "--kafka=false"]);
        Assert.Empty(lab.Process.Errors);
        var node = lab.Members.First(member => member.Role == "node 1");
        Signal.Send(node.Process, Signal.Kill);
        var told = $"node 1 (process {node.Process}) was killed by signal 9; the others go on. Its log: {node.Log}\n";
        await LabProcess.UntilAsync(() => lab.Process.Errors == told, () => lab.Process.Errors);

        using var http = lab.Connect("node 2");
        using var created = await http.PostAsJsonAsync("/users", new { name = "Ada", email = "ada@example.com" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(0, (await lab.RunAsync("down")).ExitCode);
        Assert.Equal(told, lab.Process.Errors);
    }

    [Fact]
    public async Task A_killed_lab_leaves_no_process_and_no_folder()
    {
        await using var lab = await LabProcess.StartAsync([.. TwoOfEach, "--kafka=false"]);
        Assert.Equal(0, (await lab.RunAsync("pause", "shard", "1")).ExitCode);
        lab.Process.Kill();
        await LabProcess.UntilAsync(() => !lab.IsAnythingLeft, () => lab.Left);
        Assert.Equal((1, $"No lab runs in {lab.Folder}."), await lab.RunAsync("down") is var down ? (down.ExitCode, down.Errors.TrimEnd()) : default);
    }

    [Fact]
    public async Task A_folder_that_is_somebody_elses_is_left_alone()
    {
        var elsewhere = Directory.CreateTempSubdirectory("roster-test-");
        try
        {
            var mine = Path.Combine(elsewhere.FullName, "mine");
            await File.WriteAllTextAsync(mine, "mine");
            var up = await Ended.RunAsync(elsewhere.FullName, ["lab", "up", "--dir", elsewhere.FullName]);
            Assert.Equal((1, $"{elsewhere.FullName} exists already: name a folder that does not, with --dir."), (up.ExitCode, up.Errors.TrimEnd()));
            Assert.Equal("mine", await File.ReadAllTextAsync(mine));
        }
        finally
        {
            elsewhere.Delete(recursive: true);
        }
    }
}
