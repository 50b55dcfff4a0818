using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Roster.Storage.Sqlite.Backups;

/// <summary>Files that only their owner can read, and what makes them outlive a power failure.</summary>
internal static class OwnersFile
{
    /// <summary>Makes a new file with mode 0600.</summary>
    /// <exception cref="IOException">It exists, or cannot be written.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 16 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    /// <summary>Syncs a file's content, and says how long it is and what its SHA-256 is.</summary>
    public static FileSeal Seal(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
        return new FileSeal(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    /// <summary>Copies a file into a new one, whose content is synced; the seal of what was read.</summary>
    public static FileSeal Copy(string from, string to, CancellationToken cancellation)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read);
        using var target = Create(to);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }

        target.Flush(flushToDisk: true);
        return new FileSeal(target.Length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Makes the names in a folder durable: fsync of a file alone leaves its name out.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = OpenFile(path, 0);
        if (folder < 0)
        {
            throw new IOException($"The folder {path} cannot be opened ({Marshal.GetLastPInvokeErrorMessage()}).");
        }

        var failed = Sync(folder) != 0;
        var reason = Marshal.GetLastPInvokeErrorMessage();
        _ = CloseFile(folder);
        if (failed)
        {
            throw new IOException($"The folder {path} cannot be synced ({reason}).");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenFile([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseFile(int file);
}

/// <summary>What a file must be to be the one that was written.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, in lower-case hexadecimal digits.</param>
public sealed record FileSeal(long Bytes, string Sha256);
