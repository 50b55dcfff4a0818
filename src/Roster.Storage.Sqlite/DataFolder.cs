namespace Roster.Storage.Sqlite;

/// <summary>
/// A folder that one store holds at a time. The lock is the kernel's (flock), so it ends with its process however that ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The database's file name.</summary>
    public const string DatabaseName = "roster.db";

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
    public string Database => DatabaseIn(Path);

    /// <summary>The database in a folder.</summary>
    public static string DatabaseIn(string folder) => System.IO.Path.Combine(folder, DatabaseName);

    /// <summary>Creates the folder where needed, readable by its owner only, and takes its lock.</summary>
    /// <exception cref="DataFolderInUseException">Somebody else holds it.</exception>
    public static DataFolder Open(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        Create(path);
        var file = LockFile(path);
        FileStream taken;
        try
        {
            taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(file))
        {
            throw new DataFolderInUseException(
                $"The data folder {path} is in use by process {PidOf(path)}; stop that one first, or give another folder.", error);
        }

        File.WriteAllText(PidFile(path), $"{Environment.ProcessId}\n");
        return new DataFolder(path, taken);
    }

    /// <summary>Creates a folder where it is missing, readable by its owner only.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    /// <summary>The process that holds a folder, as it calls itself; null when nobody does. Takes a shared lock for an instant.</summary>
    public static string? HolderOf(string folder)
    {
        if (!File.Exists(LockFile(folder)))
        {
            return null;
        }

        try
        {
            using var shared = new FileStream(LockFile(folder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (IOException)
        {
            return PidOf(folder);
        }
    }

    /// <summary>Frees the lock. The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => held.Dispose();

    // Beside the lock, not in it: .NET locks every file it opens, so nobody could read the pid while it matters.
    private static string PidFile(string path) => System.IO.Path.Combine(path, "roster.pid");

    private static string LockFile(string path) => System.IO.Path.Combine(path, "roster.lock");

    private static string PidOf(string path) =>
        File.Exists(PidFile(path)) && File.ReadAllText(PidFile(path)).Trim() is { Length: > 0 } pid ? pid : "(unknown)";
}
