using System.Diagnostics;
using Roster.Core.Storage;

namespace Roster.Storage.Sqlite.Backups;

/// <summary>
/// All shards at one moment, beside running servers: while the write locks of all are held nothing commits anywhere, so
/// the read transactions begun then belong together. The locks go at once; the copying needs none.
/// </summary>
internal sealed class ConsistentCut : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ShardSnapshot> snapshots = [];

    private ConsistentCut()
    {
    }

    /// <summary>The shards, in the order given.</summary>
    public IReadOnlyList<ShardSnapshot> Snapshots => snapshots;

    /// <summary>Cuts.</summary>
    /// <exception cref="InvalidDataException">A folder holds no store, or another shard.</exception>
    /// <exception cref="StoreUnavailableException">SQLite cannot serve, or the locks could not be had.</exception>
    public static ConsistentCut Take(IReadOnlyList<ShardFolder> shards, CancellationToken cancellation)
    {
        var missing = shards.FirstOrDefault(shard => !File.Exists(DataFolder.DatabaseIn(shard.Folder)));
        if (missing is not null)
        {
            throw new InvalidDataException($"There is no store in {missing.Folder}: name its folder with --data.");
        }

        var cut = new ConsistentCut();
        try
        {
            using var locks = new WriteLocks([.. shards.Select(shard => DataFolder.DatabaseIn(shard.Folder))]);
            for (var start = Stopwatch.GetTimestamp(); !locks.TryTake(cancellation);)
            {
                if (Stopwatch.GetElapsedTime(start) > Patience)
                {
                    throw new StoreBusyException($"The store did not pause between two writes in {Patience.TotalSeconds:0} s; try again later.");
                }
            }

            cut.snapshots.AddRange(shards.Select(shard => new ShardSnapshot(shard)));
            return cut;
        }
        catch (SqliteException error)
        {
            cut.Dispose();
            throw SqliteErrors.Told(error);
        }
        catch
        {
            cut.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => snapshots.ForEach(snapshot => snapshot.Dispose());
}
