using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Roster.Client;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Processes;

/// <summary>A real <c>roster lab up</c>, and the verbs that other terminals have for it.</summary>
internal sealed partial class LabProcess : IAsyncDisposable
{
    private readonly DirectoryInfo elsewhere = Directory.CreateTempSubdirectory("roster-test-");
    private ChildProcess? process;

    private LabProcess()
    {
    }

    /// <summary>postgres must be able to look into it, so it lies in the temporary folder itself.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"roster-lab-{Path.GetRandomFileName()}");

    /// <summary>What it says that it runs.</summary>
    public IReadOnlyList<LabMember> Members { get; private set; } = [];

    public ChildProcess Process => process!;

    /// <summary>Files in its folder and members that still live, one a line; empty when it has gone.</summary>
    public string Left => string.Join('\n', [
        .. Directory.Exists(Folder) ? Directory.GetFileSystemEntries(Folder).Prepend(Folder) : [],
        .. Members.Where(member => WatchedProcess.IsAlive(member.Process)).Select(member => member.ToString())]);

    public bool IsAnythingLeft => Left.Length > 0;

    /// <summary>Starts one, and waits until it has said all.</summary>
    public static async Task<LabProcess> StartAsync(params string[] arguments)
    {
        var lab = new LabProcess();
        try
        {
            lab.process = ChildProcess.Start(ServerProgram.Roster, ["lab", "up", "--dir", lab.Folder, .. arguments], lab.elsewhere.FullName);
            await UntilAsync(
                () => lab.process.HasExited || lab.process.Output.Contains("Ctrl-C", StringComparison.Ordinal), () => $"{lab.process.Output}{lab.process.Errors}");
            Assert.False(lab.process.HasExited, lab.process.Errors);
            lab.Members = [.. Row().Matches(lab.process.Output).Select(row => new LabMember(
                row.Groups["role"].Value, row.Groups["at"].Value, int.Parse(row.Groups["pid"].Value, CultureInfo.InvariantCulture), row.Groups["log"].Value))];
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until something holds; a failure when it does not in time.</summary>
    public static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        for (var start = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(50))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < 2 * RosterProcess.Patience, otherwise());
        }
    }

    /// <summary>Another verb of <c>roster lab</c> for it, in another process.</summary>
    public Task<Ended> RunAsync(params string[] arguments) =>
        Ended.RunAsync(elsewhere.FullName, ["lab", arguments[0], "--dir", Folder, .. arguments[1..]]);

    /// <summary>A client of a node, with the administrator's key.</summary>
    public HttpClient Connect(string node)
    {
        var http = new HttpClient(new BrokenConnections(new SocketsHttpHandler { UseProxy = false })) { BaseAddress = new Uri(Members.First(member => member.Role == node).Address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(Path.Combine(Folder, "admin.key")));
        return http;
    }

    /// <summary>What ended it, if not the test, has left the folder to its watchers.</summary>
    public async ValueTask DisposeAsync()
    {
        await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        elsewhere.Delete(recursive: true);
    }

    [GeneratedRegex(@"^(?<role>(shard \d( (replica|member) \d)?|(pgbouncer|node|worker) \d|kafka|etcd|nginx)) +(?<at>\S+) +(?<pid>\d+) +(?<log>\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}

/// <summary>A line of a lab's table.</summary>
internal sealed record LabMember(string Role, string Address, int Process, string Log);
