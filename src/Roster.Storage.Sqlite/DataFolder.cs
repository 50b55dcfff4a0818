namespace Roster.Storage.Sqlite;

/// <summary>
/// A folder that one store holds at a time. The lock is the kernel's (flock), so it ends with its process however that ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The database in it.</summary>
    public string Database => System.IO.Path.Combine(Path, "roster.db");

    /// <summary>Creates the folder where needed, readable by its owner only, and takes its lock.</summary>
    /// <exception cref="DataFolderInUseException">Somebody else holds it.</exception>
    public static DataFolder Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }

        var file = System.IO.Path.Combine(path, "roster.lock");
        FileStream taken;
        try
        {
            taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(file))
        {
            throw new DataFolderInUseException(
                $"The data folder {path} is in use by process {HolderOf(path)}; stop that one first, or give another folder.", error);
        }

        File.WriteAllText(PidFile(path), $"{Environment.ProcessId}\n");
        return new DataFolder(path, taken);
    }

    /// <summary>Frees the lock. The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => held.Dispose();

    // Beside the lock, not in it: .NET locks every file it opens, so nobody could read the pid while it matters.
    private static string PidFile(string path) => System.IO.Path.Combine(path, "roster.pid");

    private static string HolderOf(string path) =>
        File.Exists(PidFile(path)) && File.ReadAllText(PidFile(path)).Trim() is { Length: > 0 } pid ? pid : "(unknown)";
}
