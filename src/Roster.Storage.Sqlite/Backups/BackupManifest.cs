using System.Text.Json;
using System.Text.Json.Serialization;

namespace Roster.Storage.Sqlite.Backups;

/// <summary>What a backup holds: the file <c>manifest.json</c>, written last, without which a folder is no backup.</summary>
/// <param name="Format">Version of this layout.</param>
/// <param name="Program">Version of the program that wrote it.</param>
/// <param name="At">The moment of the cut.</param>
/// <param name="Shards">Every shard's database, in <c>shard-N/roster.db</c>.</param>
/// <param name="AdminKey">The first administrator's key, in <c>admin.key</c>; null when its file had been deleted.</param>
public sealed record BackupManifest(
    int Format, string Program, DateTimeOffset At, IReadOnlyList<BackedUpShard> Shards, FileSeal? AdminKey)
{
    /// <summary>The layout that this program writes and reads.</summary>
    public const int Known = 1;

    /// <summary>The key's file, here and in a data folder.</summary>
    public const string KeyName = "admin.key";

    private const string FileName = "manifest.json";
    private const int MaxBytes = 1 << 20;

    /// <summary>Where a shard's database lies in a backup.</summary>
    public static string DatabaseOf(string backup, int shard) => Path.Combine(backup, $"shard-{shard}", DataFolder.DatabaseName);

    /// <summary>Reads a backup's manifest.</summary>
    /// <exception cref="InvalidDataException">The folder is no backup, or not one this program can restore.</exception>
    public static BackupManifest Read(string backup)
    {
        var path = Path.Combine(backup, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{backup} is no whole backup: it has no {FileName}.");
        }

        BackupManifest? manifest = null;
        try
        {
            manifest = new FileInfo(path).Length > MaxBytes ? null : JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest);
        }
        catch (JsonException)
        {
            // Told below, like all that is no manifest.
        }

        return manifest switch
        {
            null or { Shards: not { Count: > 0 } } => throw new InvalidDataException($"{path} is damaged: restore another backup."),
            { Format: not Known } => throw new InvalidDataException(
                $"{backup} has format {manifest.Format}, but this program knows only {Known}: restore it with the program that wrote it ({manifest.Program})."),
            _ => manifest,
        };
    }

    /// <summary>Writes it into a draft and syncs it.</summary>
    public void Write(string draft)
    {
        using var file = OwnersFile.Create(Path.Combine(draft, FileName));
        JsonSerializer.Serialize(file, this, BackupJson.Default.BackupManifest);
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }
}

/// <summary>One shard of a backup.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Schema">Its schema's version.</param>
/// <param name="Timeline">The life that was cut; a restored store begins another.</param>
/// <param name="Commits">Position of the last commit that is in it.</param>
/// <param name="Database">Its file.</param>
public sealed record BackedUpShard(int Shard, long Schema, long Timeline, long Commits, FileSeal Database);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
