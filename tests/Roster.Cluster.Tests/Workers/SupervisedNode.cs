using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>A real <c>roster serve --workers N</c>, and who its workers are.</summary>
internal sealed partial class SupervisedNode : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");

    private SupervisedNode(IReadOnlyDictionary<string, string> settings, int workers, int port, ServerProgram program)
    {
        Key = settings["Roster__Auth__AdminKey"];
        Port = port;
        Process = ChildProcess.Start(
            program, ["serve", "--urls", $"http://127.0.0.1:{port}", "--workers", $"{workers}"], folder.FullName, settings);
    }

    public ChildProcess Process { get; }

    public string Key { get; }

    public int Port { get; }

    /// <summary>The process that was last ready on each worker's place, from the supervisor's words.</summary>
    public IReadOnlyDictionary<int, int> Workers => Ready().Matches(Process.Output)
        .GroupBy(line => Number(line.Groups["number"]), line => Number(line.Groups["pid"]))
        .ToDictionary(place => place.Key, place => place.Last());

    /// <summary>The supervisor, as it says, when <see cref="Process"/> is something around it.</summary>
    public int? Supervisor => Supervising().Matches(Process.Output).Select(line => (int?)Number(line.Groups["pid"])).FirstOrDefault();

    /// <summary>The spare that stood by last; null before the first.</summary>
    public int? Spare => Standing().Matches(Process.Output).Select(line => (int?)Number(line.Groups["pid"])).LastOrDefault();

    /// <summary>How often any worker got ready.</summary>
    public int Starts => Ready().Count(Process.Output);

    /// <summary>Starts one, and waits until all its workers are ready.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="workers">How many.</param>
    /// <param name="program">What is started; the real program as it is if nothing else is named.</param>
    public static async Task<SupervisedNode> StartAsync(IReadOnlyDictionary<string, string> settings, int workers, ServerProgram? program = null)
    {
        var node = new SupervisedNode(settings, workers, LoopbackPorts.Free(), program ?? ServerProgram.Roster);
        try
        {
            await node.UntilAsync(() => node.Workers.Count == workers);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until something holds; how long it took.</summary>
    public async Task<TimeSpan> UntilAsync(Func<bool> holds)
    {
        var start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.False(Process.HasExited, $"The supervisor has ended. {Process.Output}{Process.Errors}");
            Assert.True(Stopwatch.GetElapsedTime(start) < RosterProcess.Patience, $"{Process.Output}{Process.Errors}");
            await Task.Delay(5);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>kill -9 of workers; the moment of the last.</summary>
    public static long Kill(IEnumerable<int> workers)
    {
        workers.ToList().ForEach(worker => Signal.Send(worker, Signal.Kill));
        return Stopwatch.GetTimestamp();
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (Supervisor is { } supervisor && WatchedProcess.IsAlive(supervisor))
        {
            Signal.Send(supervisor, Signal.Kill);
        }

        foreach (var worker in Workers.Values.Append(Spare ?? 0).Where(worker => worker != 0))
        {
            for (var start = Stopwatch.GetTimestamp(); WatchedProcess.IsAlive(worker) && Stopwatch.GetElapsedTime(start) < RosterProcess.Patience;)
            {
                await Task.Delay(20);
            }
        }

        folder.Delete(recursive: true);
    }

    private static int Number(Group text) => int.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Worker (?<number>\d+) \(process (?<pid>\d+)\) is ready\.$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ready();

    [GeneratedRegex(@"\(supervisor: process (?<pid>\d+)\)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Supervising();

    [GeneratedRegex(@"^The spare worker \(process (?<pid>\d+)\) stands by\.$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Standing();
}
