using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite.Inspection;

/// <summary>
/// A look into a shard without its folder's lock, beside a running server: it reads, and neither waits for writers nor
/// holds them up. Every member may throw <see cref="StoreUnavailableException"/>.
/// </summary>
public sealed class SqliteInspection : IDisposable
{
    private const int CountedExactly = 100_000;
    private const int SampledBuckets = 64;

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

    /// <summary>The schema's version.</summary>
    public long Schema => life.Schema;

    /// <summary>Length of the database file in bytes.</summary>
    public long DatabaseBytes => Length(DataFolder.DatabaseIn(from.Folder));

    /// <summary>Length of the write-ahead log in bytes.</summary>
    public long LogBytes => Length(DataFolder.DatabaseIn(from.Folder) + "-wal");

    /// <summary>About the number of events: those that ever went through the outbox.</summary>
    public long Events => life.OutboxHead;

    /// <summary>The number of outbox entries.</summary>
    public long OutboxEntries => life.OutboxHead - life.OutboxFloor;

    /// <summary>When the oldest outbox entry was written; null when there is none.</summary>
    public DateTimeOffset? OldestOutboxEntry => Time("SELECT at FROM outbox ORDER BY position LIMIT 1");

    /// <summary>When the newest outbox entry was written; null when there is none.</summary>
    public DateTimeOffset? NewestOutboxEntry => Time("SELECT at FROM outbox ORDER BY position DESC LIMIT 1");

    /// <summary>The shard map kept here; null when none is.</summary>
    public ShardMap? Map() => Told(control.Map);

    /// <summary>Whether a secret is kept here.</summary>
    public bool HasSecret(string name) => Told(() => control.Secret(name)) is not null;

    /// <summary>API keys kept here that were not revoked.</summary>
    public IReadOnlyList<ApiKey> Keys() => Told(control.Keys);

    /// <summary>
    /// Users that have an e-mail: counted up to 100,000. Beyond that a sample of buckets, which a keyed hash fills evenly,
    /// tells the number to a few percent.
    /// </summary>
    /// <param name="buckets">The shard's buckets.</param>
    public (long Count, bool IsExact) Users(IReadOnlyList<BucketId> buckets) => Told(() =>
    {
        if (database.Number($"SELECT count(*) FROM (SELECT 1 FROM claims LIMIT {CountedExactly + 1})") is { } few and <= CountedExactly)
        {
            return (few, true);
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

        return (found * buckets.Count / Math.Max(1, sample.Count), false);
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
