using System.Diagnostics;
using System.Text;
using Roster.Lab;

namespace Roster.Cluster.Tests.Processes;

/// <summary>A process that ends with the test: its output kept, its death by its own id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly Process process;

    private ChildProcess(Process process) => this.process = process;

    /// <summary>Standard output so far.</summary>
    public string Output => TextOf(output);

    /// <summary>Standard error so far.</summary>
    public string Errors => TextOf(errors);

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Starts it; settings come from the arguments and <paramref name="environment"/> only.</summary>
    public static ChildProcess Start(
        ServerProgram program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        // A shell's background jobs ignore SIGINT, and nohup's SIGHUP, and so would everything they start: the tests send them.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,HUP", program.Command, .. program.Arguments, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(k => k.StartsWith("Roster__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(Process.Start(start)!);
        child.process.OutputDataReceived += (_, line) => Append(child.output, line.Data);
        child.process.ErrorDataReceived += (_, line) => Append(child.errors, line.Data);
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>kill -9.</summary>
    public void Kill() => process.Kill();

    public void Send(int signal) => Signal.Send(process.Id, signal);

    /// <summary>The exit code, once it has ended and all its output has been read.</summary>
    /// <exception cref="TimeoutException">It runs on; it has been killed.</exception>
    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill();
            throw new TimeoutException($"Process {Id} still runs after {patience}. Its errors: {Errors}", e);
        }

        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.Append(line is null ? string.Empty : line + "\n");
        }
    }

    private static string TextOf(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
