using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;

namespace Roster.Storage.Sqlite.Inspection;

/// <summary>A look into a shard without its folder's lock, beside a running server.</summary>
public sealed class SqliteInspection : IShardInspection
{
    private const int SampledBuckets = 64;

    /// <summary>The schema from which on there are intents.</summary>
    private const long WithIntents = 2;

    private readonly SqliteDatabase database;
    private readonly LifeRow life;
    private readonly ControlReads control;
    private readonly ShardFolder from;

    private SqliteInspection(ShardFolder from)
    {
        this.from = from;
        database = SqliteConnections.OpenReader(DataFolder.DatabaseIn(from.Folder));
        try
        {
            // A file that something has cut short would end this process when read through a mapping.
            database.Execute("PRAGMA mmap_size = 0");
            database.LeaveLogOnClose();
            life = LifeRow.Read(database, from);
            control = new ControlReads(database);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens a shard.</summary>
    /// <exception cref="InvalidDataException">There is no store, another shard's, or a newer program's.</exception>
    public static SqliteInspection Open(ShardFolder from) =>
        File.Exists(DataFolder.DatabaseIn(from.Folder))
            ? Told(() => new SqliteInspection(from))
            : throw new InvalidDataException($"There is no store in {from.Folder}.");

    /// <summary>The process that holds a folder; null when nobody does.</summary>
    public static string? HolderOf(string folder) => DataFolder.HolderOf(folder);

    /// <summary>The newest schema this program knows.</summary>
    public static int NewestSchema => SqliteMigrations.Newest;

    /// <inheritdoc/>
    public long Schema => life.Schema;

    /// <inheritdoc/>
    public long DatabaseBytes => Length(DataFolder.DatabaseIn(from.Folder));

    /// <summary>Length of the write-ahead log in bytes.</summary>
    public long LogBytes => Length(DataFolder.DatabaseIn(from.Folder) + "-wal");

    /// <summary>Those that ever went through the outbox.</summary>
    /// <inheritdoc/>
    public long Events => life.OutboxHead;

    /// <inheritdoc/>
    public Amount OutboxEntries => new(life.OutboxHead - life.OutboxFloor, true);

    /// <inheritdoc/>
    public long Unsettled => Told(() => life.Schema < WithIntents ? 0 : database.Number("""
        SELECT (SELECT count(*) FROM users INDEXED BY users_with_intent WHERE intent_id IS NOT NULL)
             + (SELECT count(*) FROM claims INDEXED BY claims_reserved WHERE intent_id IS NOT NULL)
        """)) ?? 0;

    /// <inheritdoc/>
    public DateTimeOffset? OldestOutboxEntry => Time("SELECT at FROM outbox ORDER BY position LIMIT 1");

    /// <inheritdoc/>
    public DateTimeOffset? NewestOutboxEntry => Time("SELECT at FROM outbox ORDER BY position DESC LIMIT 1");

    /// <inheritdoc/>
    public ShardMap? Map() => Told(control.Map);

    /// <inheritdoc/>
    public bool HasSecret(string name) => Told(() => control.Secret(name)) is not null;

    /// <inheritdoc/>
    public IReadOnlyList<ApiKey> Keys() => Told(control.Keys);

    /// <summary>Beyond what is counted a sample of buckets, which a keyed hash fills evenly, tells the number to a few percent.</summary>
    /// <inheritdoc/>
    public Amount Users(IReadOnlyList<BucketId> buckets) => Told(() =>
    {
        if (database.Number($"SELECT count(*) FROM (SELECT 1 FROM claims LIMIT {Amount.CountedExactly + 1})") is { } few and <= Amount.CountedExactly)
        {
            return new Amount(few, true);
        }

        var inBucket = database.Prepare("SELECT count(*) FROM claims WHERE bucket = ?1");
        var sample = buckets.Take(SampledBuckets).ToList();
        long found = 0;
        foreach (var bucket in sample)
        {
            using (inBucket.Bind(1, bucket.Value).Open())
            {
                found += inBucket.Step() ? inBucket.Int64(0) : 0;
            }
        }

        return new Amount(found * buckets.Count / Math.Max(1, sample.Count), false);
    });

    /// <summary>What SQLite's quick check finds wrong; empty when nothing is.</summary>
    public IReadOnlyList<string> QuickCheck() =>
        [.. Told(() => database.Texts("PRAGMA quick_check", 0)).Where(line => line != "ok")];

    /// <inheritdoc/>
    public void Dispose() => database.Dispose();

    private DateTimeOffset? Time(string sql) =>
        Told(() => database.Number(sql)) is { } at ? Timestamps.FromMicroseconds(at) : null;

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static T Told<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Told(error);
        }
    }
}
