using System.Diagnostics;
using System.Globalization;

namespace Roster.Lab;

/// <summary>
/// A program that ends with the process that started it, however that ends: a shell of its own session, which Ctrl-C does
/// not reach, waits for the owner to say so on its standard input, or to die.
/// </summary>
public sealed class WatchedProcess : IAsyncDisposable
{
    /// <summary>The file in its folder that holds what it wrote.</summary>
    public const string LogName = "log";

    /// <summary>
    /// It says the program's id, and how it ended. The folder is removed only if its owner has died, that is, has closed the
    /// input without a line in it (a process that is dying closes its files before it is seen as dead); a stopped program starts
    /// again from it. The guard may take a line before it is ended, so the owner says two.
    /// A program that does not end by the signal within half a minute is killed, and one that is paused goes on before.
    /// PostgreSQL that Patroni runs is no child of it, and is found by the folder it works in.
    /// </summary>
    private const string Script = """
        folder=$1 signal=$2; shift 2
        databases() {
            [ ! -d "$folder/data" ] && return
            for process in /proc/[0-9]*; do
                [ "$process/cwd" -ef "$folder/data" ] && [ "$process/exe" -ef /usr/lib/postgresql/15/bin/postgres ] && kill "-$1" "${process#/proc/}"
            done
        }
        exec 3<&0
        "$@" >>"$folder/log" 2>&1 </dev/null 3<&- &
        program=$!
        echo "$program"
        trap '' PIPE
        (
            read -r line <&3
            kill -CONT "$program"
            databases CONT
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
        read -r line <&3
        died=$?
        databases KILL 2>/dev/null
        [ "$died" = 0 ] || rm -rf "$folder"
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
        string[] arguments = ["/bin/sh", "-c", Script, "roster-lab", folder, Text(signal), .. command];
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
        try
        {
            await shell.StandardInput.WriteAsync("stop\nstop\n");
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody has killed the shell.
        }

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
