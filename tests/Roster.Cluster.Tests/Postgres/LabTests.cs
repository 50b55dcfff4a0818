using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary><c>roster lab up</c>: a cluster in one command, of which nothing is left however it ends.</summary>
public sealed partial class LabTests : IDisposable
{
    /// <summary>postgres must be able to look into it, so it lies in the temporary folder itself.</summary>
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"roster-lab-{Path.GetRandomFileName()}");

    private readonly DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("roster-test-");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_nodes_over_two_shards_are_one_cluster_until_lab_down(bool withBouncers)
    {
        await using var lab = StartLab(withBouncers ? ["--pgbouncer", "--kafka"] : ["--kafka"]);
        var members = await MembersAsync(lab);
        string[] bouncers = withBouncers ? ["pgbouncer 0", "pgbouncer 1"] : [];
        Assert.Equal(["shard 0", "shard 1", .. bouncers, "kafka", "node 1", "node 2", "worker 1"], members.Select(m => m.Role));
        using var first = Connect(members[^3]);
        using var second = Connect(members[^2]);
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
        await MailsAsync(10);
        Assert.Contains("runs in", (await RunAsync("up")).Errors, StringComparison.Ordinal);
        var key = await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"));
        Assert.All(members, member => Assert.DoesNotContain(key, File.ReadAllText(member.Log), StringComparison.Ordinal));
        Assert.DoesNotContain(key, lab.Output, StringComparison.Ordinal);

        var down = await RunAsync("down");
        Assert.Equal((0, string.Empty), (down.ExitCode, down.Errors));
        Assert.False(Directory.Exists(folder));
        Assert.All(members, member => Assert.False(WatchedProcess.IsAlive(member.Process), member.Role));
        Assert.Equal(0, await lab.WaitAsync(RosterProcess.Patience));
    }

    [Fact]
    public async Task A_member_that_dies_is_told_of_and_the_others_go_on()
    {
        await using var lab = StartLab("--kafka=false");
        var members = await MembersAsync(lab);
        Assert.Empty(lab.Errors);
        Signal.Send(members[2].Process, Signal.Kill);
        var told = $"node 1 (process {members[2].Process}) was killed by signal 9; the others go on. Its log: {members[2].Log}\n";
        for (var start = Stopwatch.GetTimestamp(); lab.Errors != told; await Task.Delay(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, lab.Errors);
        }

        using var http = Connect(members[3]);
        using var created = await http.PostAsJsonAsync("/users", new { name = "Ada", email = "ada@example.com" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(0, (await RunAsync("down")).ExitCode);
        Assert.Equal(told, lab.Errors);
    }

    [Fact]
    public async Task A_killed_lab_leaves_no_process_and_no_folder()
    {
        await using var lab = StartLab("--kafka=false");
        var members = await MembersAsync(lab);
        lab.Kill();
        for (var start = Stopwatch.GetTimestamp(); IsAnythingLeft(members); await Task.Delay(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, $"Left: {folder}, {string.Join(", ", members)}");
        }

        Assert.Equal((1, $"No lab runs in {folder}."), await DownAsync());
    }

    [Fact]
    public async Task A_folder_that_is_somebody_elses_is_left_alone()
    {
        var mine = Path.Combine(elsewhere.FullName, "mine");
        await File.WriteAllTextAsync(mine, "mine");
        var up = await Ended.RunAsync(elsewhere.FullName, ["lab", "up", "--dir", elsewhere.FullName]);
        Assert.Equal((1, $"{elsewhere.FullName} exists already: name a folder that does not, with --dir."), (up.ExitCode, up.Errors.TrimEnd()));
        Assert.Equal("mine", await File.ReadAllTextAsync(mine));
    }

    public void Dispose() => elsewhere.Delete(recursive: true);

    private ChildProcess StartLab(params string[] more) => ChildProcess.Start(
        ServerProgram.Roster, ["lab", "up", "--shards", "2", "--nodes", "2", "--dir", folder, .. more], elsewhere.FullName);

    private Task<Ended> RunAsync(string verb) => Ended.RunAsync(elsewhere.FullName, ["lab", verb, "--dir", folder]);

    private async Task<(int ExitCode, string Errors)> DownAsync() =>
        await RunAsync("down") is var down ? (down.ExitCode, down.Errors.TrimEnd()) : default;

    private bool IsAnythingLeft(List<LabMember> members) => Directory.Exists(folder) || members.Exists(member => WatchedProcess.IsAlive(member.Process));

    private HttpClient Connect(LabMember node)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(node.Address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(folder, "admin.key")));
        return http;
    }

    private async Task MailsAsync(int count)
    {
        var mails = Path.Combine(folder, "mails");
        for (var start = Stopwatch.GetTimestamp(); Directory.GetFiles(mails, "*.eml").Length < count; await Task.Delay(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, $"{Directory.GetFiles(mails, "*.eml").Length} mails of {count}");
        }
    }

    /// <summary>What the lab says that it runs, once it has said all.</summary>
    private static async Task<List<LabMember>> MembersAsync(ChildProcess lab)
    {
        for (var start = Stopwatch.GetTimestamp(); !lab.Output.Contains("Ctrl-C", StringComparison.Ordinal); await Task.Delay(50))
        {
            Assert.True(!lab.HasExited && Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, $"{lab.Output}{lab.Errors}");
        }

        return [.. Row().Matches(lab.Output).Select(row => new LabMember(
            row.Groups["role"].Value, row.Groups["at"].Value, int.Parse(row.Groups["pid"].Value, System.Globalization.CultureInfo.InvariantCulture), row.Groups["log"].Value))];
    }

    [GeneratedRegex(@"^(?<role>((shard|pgbouncer|node|worker) \d|kafka)) +(?<at>\S+) +(?<pid>\d+) +(?<log>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    private sealed record LabMember(string Role, string Address, int Process, string Log);
}
