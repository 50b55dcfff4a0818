using Roster.Core.Events.Consuming;

namespace Roster.Email.Folder;

/// <summary>
/// A file per mail, <c>&lt;event id&gt;.eml</c>: whole or not there, and a repetition replaces it by the same bytes.
/// Only the account that runs the program can read it.
/// </summary>
internal sealed class FolderDestination(string folder) : IMailDestination
{
    /// <summary>Syncing a file blocks a thread, and the relay in the same process waits for threads too: many mails at once would hold it up.</summary>
    private const int AtATime = 2;

    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly SemaphoreSlim places = new(AtATime);

    public async Task DeliverAsync(Mail mail, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            Write(mail);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConsumerUnavailableException($"The mail folder {folder} cannot be written to: {e.Message}", e);
        }
        finally
        {
            places.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        places.Dispose();
        return default;
    }

    private void Write(Mail mail)
    {
        MakeFolder();

        // Two that write the same mail share the name: the second finds it taken, and comes again.
        var path = Path.Combine(folder, $"{mail.EventId}.eml");
        var partial = path + ".part";
        Write(mail, partial);
        File.Move(partial, path, overwrite: true);
    }

    private static void Write(Mail mail, string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mine;
        }

        using var file = new FileStream(path, options);
        mail.Message.WriteTo(mail.Format(), file);
        file.Flush(flushToDisk: true);
    }

    private void MakeFolder()
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Mine | UnixFileMode.UserExecute);
        }
    }
}
