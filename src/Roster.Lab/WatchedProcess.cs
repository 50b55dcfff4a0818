using System.Diagnostics;
using System.Globalization;

namespace Roster.Lab;

/// <summary>
/// A program that ends with the process that started it, however that ends: a shell of its own session, which Ctrl-C does
/// not reach, waits for its standard input to end, and that is when the owner closes it, or dies.
/// </summary>
public sealed class WatchedProcess : IAsyncDisposable
{
    /// <summary>The file in its folder that holds what it wrote.</summary>
    public const string LogName = "log";

    /// <summary>
    /// It says the program's id, and how it ended. The folder is removed only if its owner is gone: a stopped program starts
    /// again from it. A program that does not end by the signal within half a minute is killed.
    /// </summary>
    private const string Script = """
        folder=$1 owner=$2 signal=$3; shift 3
        exec 3<&0
        "$@" >>"$folder/log" 2>&1 </dev/null 3<&- &
        program=$!
        echo "$program"
        trap '' PIPE
        (
            cat <&3
            kill "-$signal" "$program"
            trap 'kill "$nap"' TERM
            sleep 30 & nap=$!
            wait "$nap" && kill -9 "$program"
        ) >/dev/null 2>&1 &
        guard=$!
        wait "$program" 2>/dev/null
        echo $? 2>/dev/null
        exec >/dev/null
        kill "$guard" 2>/dev/null
        cat <&3
        grep -qs '^State:.[^ZX]' "/proc/$owner/status" || rm -rf "$folder"
        """;

    private readonly Process shell;

    private WatchedProcess(Process shell, int id)
    {
        this.shell = shell;
        Id = id;
        Ended = EndAsync(shell.StandardOutput);
    }

    /// <summary>The program's process id, not the shell's.</summary>
    public int Id { get; }

    /// <summary>Ends with the program, and says how: <c>was killed by signal 9</c>.</summary>
    public Task<string> Ended { get; }

    /// <summary>Starts one.</summary>
    /// <param name="folder">Holds its log; removed when the owner dies.</param>
    /// <param name="signal">What ends it in order.</param>
    /// <param name="environment">What differs from this process's environment; null removes. Secrets belong here, never in a command.</param>
    /// <param name="command">The program and its arguments.</param>
    public static async Task<WatchedProcess> StartAsync(
        string folder, int signal, IReadOnlyDictionary<string, string?>? environment, params string[] command)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments = ["/bin/sh", "-c", Script, "roster-lab", folder, Text(Environment.ProcessId), Text(signal), .. command];
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var watcher = Process.Start(start)!;
        return new WatchedProcess(watcher, int.Parse((await watcher.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a process runs; one that has ended and whose parent has not noticed does not.</summary>
    public static bool IsAlive(int id)
    {
        try
        {
            return !File.ReadAllText($"/proc/{Text(id)}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends it by its signal, and waits.</summary>
    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await Ended;
        await shell.WaitForExitAsync();
        shell.Dispose();
    }

    /// <summary>A shell gives 128 and the signal for what was killed.</summary>
    private static async Task<string> EndAsync(StreamReader output) =>
        int.TryParse(await output.ReadLineAsync(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? code > 128 ? $"was killed by signal {Text(code - 128)}" : $"ended with exit code {Text(code)}"
            : "is gone";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
