using Roster.Cli.Serving;
using Roster.Cli.Storage;
using Roster.Cli.Verbs;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Cli.Doctor;

/// <summary>Somebody can get in, and <c>admin.key</c> is a key of this store that only its owner can read.</summary>
internal sealed class KeysCheck : ContentCheck
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    protected override bool Applies(InspectedShard shard) => base.Applies(shard) && shard.Shard == Core.Ids.ShardId.Control;

    protected override Finding Find(InspectedShard shard, Patient patient)
    {
        var now = patient.Time.GetUtcNow();
        var all = shard.Inside!.Keys();
        var keys = all.Where(key => key.ExpiresAt is null || key.ExpiresAt > now).ToList();
        var inSettings = patient.Settings.Auth.AdminKeyHash is not null;
        if (all.Count == 0)
        {
            return inSettings ? Finding.Ok("The administrator's key is the one in the settings; there is no other.")
                : shard is EmbeddedShard ? Finding.Note("There is no key at all: the next roster serve makes an administrator's.")
                : Finding.Wrong("There is no key at all, so nobody gets in: roster key create --name admin --scopes admin, with the same settings.");
        }

        var file = Path.Combine(patient.Settings.DataFolder, AdminKeyFile.Name);
        if (!keys.Any(IsAdministrators) && !inSettings)
        {
            return Finding.Wrong(
                $"No administrator's key works any more: {(shard is EmbeddedShard ? $"with the server stopped, roster key create --data {patient.Settings.DataFolder}" : "roster key create")} --name admin --scopes admin");
        }

        return shard is EmbeddedShard && File.Exists(file) ? OfFile(file, keys) : Finding.Ok($"{Counted.Of(keys.Count, "key")} can be used, an administrator's among them{(shard is EmbeddedShard ? "; there is no admin.key left to lose" : "")}.");
    }

    private static Finding OfFile(string file, List<ApiKey> keys)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnersOnly) != UnixFileMode.None)
        {
            return Finding.Wrong($"Others than its owner can read {file}: chmod 600 {file}, then make a new key and revoke that one.");
        }

        return KeyToken.TryRead(File.ReadAllText(file).Trim(), out var id, out var hash)
            && keys.Any(key => key.Id == id && KeyToken.Match(key.SecretHash, hash))
            ? Finding.Ok($"{Counted.Of(keys.Count, "key")} can be used; the first administrator's is in {file}.")
            : Finding.Wrong($"{file} is no key that works here, which misleads those who try it: delete the file.");
    }

    private static bool IsAdministrators(ApiKey key) => ScopeNames.ParseAll(key.Scopes).HasFlag(Scopes.Admin);
}
