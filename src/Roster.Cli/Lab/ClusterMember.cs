using Roster.Lab;

namespace Roster.Cli.Lab;

/// <summary>A member of the lab, by its name: what people can do to it, and what it says then.</summary>
/// <param name="name"><c>shard 0</c>, <c>shard 0 replica 1</c>, <c>node 1</c>.</param>
/// <param name="address">Where it listens.</param>
/// <param name="member">The running program.</param>
internal sealed class ClusterMember(string name, string address, ILabMember member) : IDisposable
{
    private readonly SemaphoreSlim startedAgain = new(0);
    private Task<string> ended = member.Ended;
    private bool isPaused;

    public string Name => name;

    public string Address => address;

    /// <summary>Of its first process; the last one it had, when it does not run.</summary>
    public int ProcessId { get; private set; } = member.ProcessId;

    public string LogFile => member.LogFile;

    /// <summary><c>runs</c>, <c>is paused</c>, or how it ended.</summary>
    public string State => ended.IsCompletedSuccessfully ? ended.Result : isPaused ? "is paused" : "runs";

    private string Described => $"{name} (process {ProcessId})";

    /// <summary>Tells of each of its ends, until it is cancelled.</summary>
    public async Task WatchAsync(Action<ClusterMember, string> died, CancellationToken cancellation)
    {
        while (true)
        {
            died(this, await ended.WaitAsync(cancellation));
            await startedAgain.WaitAsync(cancellation);
        }
    }

    /// <summary>Kills it.</summary>
    /// <exception cref="LabException">It does not run.</exception>
    public async Task<string> KillAsync()
    {
        CheckRuns();
        isPaused = false;
        await member.KillAsync();
        return $"{Described} is killed, with all its processes. roster lab start brings it back.";
    }

    /// <summary>Kills PostgreSQL's first process, and leaves Patroni to act.</summary>
    /// <exception cref="LabException">It is not under Patroni, or does not run.</exception>
    public string KillPostmaster()
    {
        var patroni = member as Roster.Lab.Patroni.PatroniMember
            ?? throw new LabException($"{name} is not under Patroni: leave --postmaster out, and all its processes are killed.");
        CheckRuns();
        var id = patroni.PostmasterId;
        patroni.KillPostmaster();
        return $"PostgreSQL's first process of {name} ({id}) is killed. Patroni goes on: another member takes over, and this one comes back by itself.";
    }

    /// <summary>Stops all its processes where they are.</summary>
    /// <exception cref="LabException">It does not run, or is paused.</exception>
    public string Pause()
    {
        CheckRuns();
        if (isPaused)
        {
            throw new LabException($"{name} is paused already: roster lab resume lets it go on.");
        }

        member.Pause();
        isPaused = true;
        return $"{Described} is paused, with all its processes. roster lab resume lets it go on.";
    }

    /// <summary>Lets it go on.</summary>
    /// <exception cref="LabException">It is not paused.</exception>
    public string Resume()
    {
        CheckRuns();
        if (!isPaused)
        {
            throw new LabException($"{name} is not paused.");
        }

        member.Resume();
        isPaused = false;
        return $"{Described} goes on.";
    }

    /// <summary>Starts it after its end, on what it had.</summary>
    /// <exception cref="LabException">It runs, or did not start.</exception>
    public async Task<string> StartAsync()
    {
        if (!ended.IsCompleted)
        {
            throw new LabException(isPaused ? $"{name} is paused: roster lab resume lets it go on." : $"{name} runs already.");
        }

        await member.StartAgainAsync();
        (ended, ProcessId) = (member.Ended, member.ProcessId);
        startedAgain.Release();
        return $"{Described} runs again.";
    }

    public void Dispose() => startedAgain.Dispose();

    private void CheckRuns()
    {
        if (ended.IsCompletedSuccessfully)
        {
            throw new LabException($"{name} does not run, it {ended.Result}: roster lab start brings it back.");
        }
    }
}
