using Roster.Core.Events.Consuming;

namespace Roster.Email.Folder;

/// <summary>
/// A file per mail, <c>&lt;event id&gt;.eml</c>: whole or not there, and a repetition replaces it by the same bytes.
/// Only the account that runs the program can read it.
/// </summary>
internal sealed class FolderDestination(string folder) : IMailDestination
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public async Task DeliverAsync(Mail mail, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var path = Path.Combine(folder, $"{mail.EventId}.eml");
        try
        {
            MakeFolder();

            // Two that write the same mail share the name: the second finds it taken, and comes again.
            var partial = path + ".part";
            await WriteAsync(mail, partial);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConsumerUnavailableException($"The mail folder {folder} cannot be written to: {e.Message}", e);
        }
    }

    public ValueTask DisposeAsync() => default;

    private static async Task WriteAsync(Mail mail, string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mine;
        }

        await using var file = new FileStream(path, options);
        await mail.Message.WriteToAsync(mail.Format(), file, CancellationToken.None);
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
