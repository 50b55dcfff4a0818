using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Cli.Serving;

/// <summary>
/// The first administrator's key: made when a store has no key at all. The file is written before the key is stored,
/// so a crash in between leaves a file that the next start puts to use, never a key that nobody has.
/// </summary>
internal static class AdminKeyFile
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "admin.key";

    /// <summary>Makes the key when there is none; true when it did.</summary>
    public static async ValueTask<bool> EnsureAsync(
        string folder, IControlStore control, TimeProvider time, CancellationToken cancellation)
    {
        if ((await control.KeysAsync(cancellation)).Count > 0)
        {
            return false;
        }

        var path = Path.GetFullPath(Path.Combine(folder, Name));
        var left = File.Exists(path) ? (await File.ReadAllTextAsync(path, cancellation)).Trim() : string.Empty;
        if (KeyToken.TryRead(left, out var id, out var secretHash)
            && await control.AddKeyAsync(Administrator(id, secretHash, time), cancellation))
        {
            return true;
        }

        // A file whose key was revoked is of no use to anybody: a new one takes its place.
        (id, secretHash, var token) = KeyToken.Create();
        await WriteAsync(path, token, cancellation);
        return await control.AddKeyAsync(Administrator(id, secretHash, time), cancellation);
    }

    private static ApiKey Administrator(string id, Hash256 secretHash, TimeProvider time) => new()
    {
        Id = id,
        Tenant = TenantId.Default,
        Name = "first administrator",
        Scopes = [ScopeNames.NameOf(Scopes.Admin)],
        SecretHash = secretHash,
        CreatedAt = Timestamps.Truncate(time.GetUtcNow()),
    };

    private static async Task WriteAsync(string path, string token, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Shards may lie elsewhere, and then nobody has made this folder.
        _ = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(Path.GetDirectoryName(path)!)
            : Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = path + ".new";
        File.Delete(draft);
        await using (var file = new FileStream(draft, options))
        {
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(token + "\n"), cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
