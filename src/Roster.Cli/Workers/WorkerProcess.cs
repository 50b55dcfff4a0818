using System.Diagnostics;
using Roster.Lab;

namespace Roster.Cli.Workers;

/// <summary>A worker that was started: whether it got ready, and how it ended.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>What a worker writes on standard output when it answers requests.</summary>
    public const string ReadyLine = "ready";

    /// <summary>What a spare writes when it can be told which place it takes.</summary>
    public const string StandingByLine = "standing by";

    /// <summary>Shells and .NET give this and the signal for what was killed.</summary>
    private const int Killed = 128;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly TaskCompletionSource<bool> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> standingBy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> tell;

    public WorkerProcess(Process process, Action<string> tell)
    {
        this.process = process;
        this.tell = tell;
        Id = process.Id;
        Ended = EndAsync();
    }

    public int Id { get; }

    /// <summary>Ends with the process, and says how: <c>was killed by signal 9</c>.</summary>
    public Task<string> Ended { get; }

    /// <summary>Whether it answers requests; false when it ended before, or took more than a minute and was killed.</summary>
    public Task<bool> ReadyAsync(CancellationToken cancellation) => SaysAsync(ready.Task, cancellation);

    /// <summary>Whether a spare has opened everything; false as for <see cref="ReadyAsync"/>.</summary>
    public Task<bool> StandsByAsync(CancellationToken cancellation) => SaysAsync(standingBy.Task, cancellation);

    /// <summary>Tells a spare its place. One that has just died is found out by waiting for it.</summary>
    public void Assign(int number)
    {
        try
        {
            process.StandardInput.WriteLine(number);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended, and will not be ready.
        }
    }

    private async Task<bool> SaysAsync(Task<bool> said, CancellationToken cancellation)
    {
        try
        {
            return await said.WaitAsync(StartTime, cancellation);
        }
        catch (TimeoutException)
        {
            await StopAsync(TimeSpan.Zero);
            return false;
        }
    }

    /// <summary>Lets it answer what it has begun; kills it when that takes too long.</summary>
    /// <returns>Whether it ended by itself.</returns>
    public async Task<bool> StopAsync(TimeSpan patience)
    {
        Send(Signal.Terminate);
        try
        {
            await Ended.WaitAsync(patience);
            return true;
        }
        catch (TimeoutException)
        {
            Send(Signal.Kill);
            await Ended;
            return false;
        }
    }

    public void Dispose() => process.Dispose();

    private void Send(int signal)
    {
        try
        {
            if (!Ended.IsCompleted)
            {
                Signal.Send(Id, signal);
            }
        }
        catch (LabException)
        {
            // It has ended meanwhile.
        }
    }

    private async Task<string> EndAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            switch (line)
            {
                case ReadyLine:
                    ready.TrySetResult(true);
                    break;
                case StandingByLine:
                    standingBy.TrySetResult(true);
                    break;
                default:
                    tell(line);
                    break;
            }
        }

        await process.WaitForExitAsync();
        ready.TrySetResult(false);
        standingBy.TrySetResult(false);
        return process.ExitCode > Killed ? $"was killed by signal {process.ExitCode - Killed}" : $"ended with exit code {process.ExitCode}";
    }
}
