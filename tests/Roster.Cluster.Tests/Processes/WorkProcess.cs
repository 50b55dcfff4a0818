using Roster.Lab;

namespace Roster.Cluster.Tests.Processes;

/// <summary>A real <c>roster work</c>, without a listener; ready when it says that it works.</summary>
internal sealed class WorkProcess : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-work-");
    private readonly ChildProcess process;

    private WorkProcess(IReadOnlyDictionary<string, string> settings) =>
        process = ChildProcess.Start(ServerProgram.Roster, ["work"], folder.FullName, settings);

    public static async Task<WorkProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var worker = new WorkProcess(settings);
        for (var i = 0; !worker.process.Output.Contains("works on", StringComparison.Ordinal); i++)
        {
            if (worker.process.HasExited || i > 4_000)
            {
                var errors = worker.process.Errors;
                await worker.DisposeAsync();
                throw new InvalidOperationException($"The worker did not start: {errors}");
            }

            await Task.Delay(15);
        }

        return worker;
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitAsync(RosterProcess.Patience);
    }

    /// <summary>Stops it until it is resumed, as a machine that hangs does.</summary>
    public void Pause() => process.Send(Signal.Stop);

    public void Resume() => process.Send(Signal.Continue);

    /// <summary>Asks it to end; the exit code.</summary>
    public Task<int> StopAsync()
    {
        process.Send(Signal.Terminate);
        return process.WaitAsync(RosterProcess.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
