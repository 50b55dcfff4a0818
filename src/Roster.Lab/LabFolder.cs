using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Roster.Lab;

/// <summary>
/// Where one lab keeps everything. Its first file says which process the lab is; the folder goes with that process,
/// after the members in it.
/// </summary>
public sealed class LabFolder : IAsyncDisposable
{
    /// <summary>A lab that ends in order has removed the folder before. Members of one that died remove their own; the mails are
    /// several members'. What is left after a minute has nobody any more.</summary>
    private const string Script = """
        cat >/dev/null
        [ -d "$1" ] || exit 0
        rm -f "$1/lab.pid" "$1/admin.key" "$1/pgpass" "$1/control"
        n=0
        until rmdir "$1" 2>/dev/null || [ ! -d "$1" ] || [ "$n" -ge 600 ]; do sleep 0.1; rm -rf "$1/mails"; n=$((n + 1)); done
        rm -rf "$1"
        """;

    /// <summary>The socket by which other terminals reach the lab.</summary>
    public const string ControlName = "control";

    /// <summary>Of a socket's path, in bytes (unix(7)).</summary>
    private const int LongestSocket = 107;

    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Process watcher;

    private LabFolder(string path)
    {
        FullPath = path;
        watcher = Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", Script, "roster-lab", path])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
    }

    /// <summary>Its path.</summary>
    public string FullPath { get; }

    /// <summary>Makes one for a lab that this process is.</summary>
    /// <exception cref="LabException">There is one already.</exception>
    public static async Task<LabFolder> CreateAsync(string path)
    {
        var full = Path.GetFullPath(path);
        if (Path.Exists(full))
        {
            throw new LabException(ProcessOf(full) is { } running
                ? $"A lab runs in {full} already (process {running}): roster lab down ends it."
                : $"{full} exists already: name a folder that does not, with --dir.");
        }

        if (Encoding.UTF8.GetByteCount(Path.Combine(full, ControlName)) > LongestSocket)
        {
            throw new LabException($"{full} is too long a path for a socket in it: name a shorter one with --dir.");
        }

        Directory.CreateDirectory(full);
        var folder = new LabFolder(full);
        try
        {
            await folder.WriteAsync("lab.pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            await folder.CheckReachableAsync();
            return folder;
        }
        catch
        {
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lab that runs in a folder; null when none does.</summary>
    public static int? ProcessOf(string path)
    {
        var file = Path.Combine(path, "lab.pid");
        if (!File.Exists(file) || !int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !WatchedProcess.IsAlive(id))
        {
            return null;
        }

        // The id may be somebody else's by now.
        return File.ReadAllText($"/proc/{id}/cmdline").Contains("\0lab\0up", StringComparison.Ordinal) ? id : null;
    }

    /// <summary>A folder for one member.</summary>
    public string Member(string name) => Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName;

    /// <summary>Writes a file that only this user can read; returns its path.</summary>
    public async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(FullPath, name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mine;
        }

        await using var file = new FileStream(path, options);
        await using var writer = new StreamWriter(file);
        await writer.WriteAsync(text);
        return path;
    }

    /// <summary>Removes it; its members have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Directory.Delete(FullPath, recursive: true);
        watcher.StandardInput.Close();
        await watcher.WaitForExitAsync();
        watcher.Dispose();
    }

    /// <summary>PostgreSQL's account may not look into root's home, for example.</summary>
    private async Task CheckReachableAsync()
    {
        try
        {
            await LabCommand.RunAsync([.. PostgresAccount.Prefix, "test", "-x", FullPath]);
        }
        catch (LabException e)
        {
            throw new LabException($"The account postgres cannot reach {FullPath}: name another folder with --dir.", e);
        }
    }
}
