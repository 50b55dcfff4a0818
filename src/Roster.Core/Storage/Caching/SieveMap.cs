using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Roster.Core.Storage.Caching;

/// <summary>
/// Rows by id, bounded by bytes, evicted by SIEVE (Zhang et al., NSDI '24): a hit sets one bit and takes no lock; a hand walks
/// from the oldest to the newest, spares what was served since it last passed, and takes out the first that was not.
/// Reads are safe at any time; all else happens under the owner's lock.
/// </summary>
internal sealed class SieveMap(long maxBytes)
{
    private readonly ConcurrentDictionary<Guid, CacheEntry> entries = new();
    private CacheEntry? newest;
    private CacheEntry? oldest;
    private CacheEntry? hand;

    /// <summary>Estimated bytes of all rows.</summary>
    public long Bytes { get; private set; }

    public int Count => entries.Count;

    /// <summary>Rows that had to make room.</summary>
    public long Evicted { get; private set; }

    public bool TryGet(Guid id, [NotNullWhen(true)] out CacheEntry? entry) => entries.TryGetValue(id, out entry);

    /// <summary>Puts a row in, in the place of the one of its id.</summary>
    public void Put(CacheEntry entry)
    {
        Remove(entry.Id);
        while (Bytes + entry.Bytes > maxBytes)
        {
            if (oldest is null)
            {
                return;
            }

            Evict();
        }

        entry.Older = newest;
        (newest, oldest) = (entry, oldest ?? entry);
        if (entry.Older is { } before)
        {
            before.Newer = entry;
        }

        Bytes += entry.Bytes;
        entries[entry.Id] = entry;
    }

    public void Remove(Guid id)
    {
        if (entries.TryRemove(id, out var entry))
        {
            Unlink(entry);
        }
    }

    /// <summary>Takes out all that a condition holds for.</summary>
    public void RemoveWhere(Func<CacheEntry, bool> isOld)
    {
        for (var entry = oldest; entry is not null;)
        {
            var next = entry.Newer;
            if (isOld(entry))
            {
                Remove(entry.Id);
            }

            entry = next;
        }
    }

    public void Clear()
    {
        entries.Clear();
        (newest, oldest, hand, Bytes) = (null, null, null, 0);
    }

    private void Evict()
    {
        var candidate = hand ?? oldest!;
        while (candidate.Visited)
        {
            candidate.Visited = false;
            candidate = candidate.Newer ?? oldest!;
        }

        hand = candidate;
        Remove(candidate.Id);
        Evicted++;
    }

    private void Unlink(CacheEntry entry)
    {
        Bytes -= entry.Bytes;
        if (hand == entry)
        {
            hand = entry.Newer;
        }

        if (entry.Newer is { } newer)
        {
            newer.Older = entry.Older;
        }
        else
        {
            newest = entry.Older;
        }

        if (entry.Older is { } older)
        {
            older.Newer = entry.Newer;
        }
        else
        {
            oldest = entry.Newer;
        }

        (entry.Newer, entry.Older) = (null, null);
    }
}
