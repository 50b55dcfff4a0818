using System.Diagnostics.CodeAnalysis;
using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Core.Storage.Caching;

/// <summary>
/// One shard's rows in this node's memory, kept true by its outbox. A row is here only if it is the row's state as of what was
/// heard (<see cref="Heard"/>): whoever wants more, by a token, is not served from here, and nobody is when the outbox was
/// not heard for longer than the bound. The argument why that holds is in docs/adr/0022. Safe for concurrent use.
/// </summary>
public sealed class ShardCache(ShardId shard, CacheOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly SieveMap rows = new(options.MaxBytes);
    private readonly RecentChanges changes = new(options.Remembered);
    private readonly Dictionary<Guid, int> committing = [];
    private readonly long maxStaleness = TicksOf(options.MaxStaleness, time);
    private readonly long maxAge = TicksOf(options.MaxAge, time);
    private volatile Heard? heard;

    /// <summary>Whose rows.</summary>
    public ShardId Shard { get; } = shard;

    /// <summary>Counts of what it did.</summary>
    internal CacheCounts Counts { get; } = new();

    /// <summary>Told of every page, in order, and under the lock: nothing that waits belongs here.</summary>
    public Action<HeardChanges>? Told { get; set; }

    /// <summary>Rows, and their estimated bytes.</summary>
    public (int Rows, long Bytes, long Evicted) Size
    {
        get
        {
            lock (gate)
            {
                return (rows.Count, rows.Bytes, rows.Evicted);
            }
        }
    }

    /// <summary>Whether the outbox was heard lately, so that rows can be served.</summary>
    public bool IsUsable => heard is { } known && time.GetTimestamp() - known.At <= maxStaleness;

    /// <summary>A row that includes what the token covers. What was heard is read first: a row found after that includes it.</summary>
    internal bool TryGet<T>(Guid id, ConsistencyToken after, [NotNullWhen(true)] out Read<T>? read)
        where T : class
    {
        read = null;
        if (heard is not { } known || !rows.TryGet(id, out var entry) || entry.Read is not Read<T> found)
        {
            return false;
        }

        var now = time.GetTimestamp();
        if (now - known.At > maxStaleness || now - entry.At > maxAge || !Covers(known, entry, after)
            || (entry.Author is { } author && IsDeleted(author)))
        {
            return false;
        }

        if (!entry.Visited)
        {
            entry.Visited = true;
        }

        // What a token asked for, the answer names.
        read = after.On(Shard) is { } told && told.Value > entry.AsOf.Value ? found.At(known.UpTo) : found;
        return true;
    }

    /// <summary>Puts in what was read, if nothing speaks against it being the row's state now.</summary>
    /// <param name="id">The row.</param>
    /// <param name="version">The number that grows with every change of it: a user's sequence, a post's version.</param>
    /// <param name="read">What was read, from a primary or a replica.</param>
    /// <param name="author">Of a post.</param>
    /// <returns>Whether it is the row's state as of what was heard.</returns>
    internal bool Keep<T>(Guid id, long version, Read<T> read, UserId? author)
        where T : class
    {
        // Encoded before the lock is taken.
        var bytes = 600 + (3 * read.Body.Length);
        lock (gate)
        {
            return Put(id, version, read, read.AsOf, author, bytes);
        }
    }

    /// <summary>Puts in a state that this node has just committed: it includes what was heard, unless more was heard of the row.</summary>
    internal void KeepCommitted<T>(Guid id, long version, T state, Func<T, ReadOnlyMemory<byte>> encode)
        where T : class
    {
        if (heard is { } known)
        {
            Keep(id, version, new Read<T>(state, known.UpTo, encode), author: null);
        }
    }

    /// <summary>Whether a change of a row is about to commit on this node.</summary>
    internal bool IsCommitting(Guid id)
    {
        lock (gate)
        {
            return committing.ContainsKey(id);
        }
    }

    /// <summary>Changes of rows are about to commit on this node: until they have, the rows are neither served nor kept.</summary>
    internal void Begin(TouchedRows touched)
    {
        lock (gate)
        {
            foreach (var (id, _) in touched.Rows)
            {
                committing[id] = committing.GetValueOrDefault(id) + 1;
                touched.WereHere |= rows.TryGet(id, out _);
                rows.Remove(id);
            }

            Hide(touched.Deleted);
        }
    }

    /// <summary>They ended.</summary>
    /// <param name="touched">As at the beginning.</param>
    /// <param name="committed">Whether they are durable.</param>
    internal void End(TouchedRows touched, bool committed)
    {
        lock (gate)
        {
            foreach (var (id, version) in touched.Rows)
            {
                if (--committing[id] == 0)
                {
                    committing.Remove(id);
                }

                if (committed && !touched.IsNew)
                {
                    changes.Add(id, version);
                }
            }
        }
    }

    /// <summary>A page of the outbox, right after the one before.</summary>
    /// <param name="page">The page.</param>
    /// <param name="askedAt">When it was asked for (<see cref="TimeProvider.GetTimestamp"/>).</param>
    public void Hear(OutboxPage page, long askedAt)
    {
        lock (gate)
        {
            // A page may hold changes behind its own position: they belong to what is remembered longest.
            var isNew = page.AsOf is { } known && changes.Floor?.Timeline != known.Timeline;
            if (page.AsOf is { } position)
            {
                TurnTo(position, isNew);
            }

            List<(Guid Id, long Version)> changed = [.. page.Entries.SelectMany(entry => ChangedRows.Of(entry.Event))];
            changed.ForEach(row => Drop(row.Id, row.Version));
            foreach (var deleted in page.Entries.Where(entry => entry.Event.What is UserDeleted))
            {
                Hide(deleted.Event.User);
            }

            Told?.Invoke(new HeardChanges(page.AsOf, changed, isNew));
            if (page.AsOf is { } upTo)
            {
                heard = new Heard(upTo, askedAt);
            }
        }
    }

    /// <summary>The outbox has another history than the one that was heard, or lost some of it: nothing is known any more.</summary>
    public void Forget()
    {
        lock (gate)
        {
            heard = null;
            rows.Clear();
            changes.Restart(null);
            Told?.Invoke(new HeardChanges(UpTo: null, [], IsNew: true));
        }
    }

    /// <summary>
    /// Whether a state that is not in memory may be served: it is the row's state as of a position, as somebody else has kept it
    /// true up to there, and nothing that was heard since speaks against it.
    /// </summary>
    /// <param name="id">The row.</param>
    /// <param name="version">Its version.</param>
    /// <param name="asOf">Where it is known to have been the row's state.</param>
    /// <param name="after">What the read has to include.</param>
    /// <returns>The position that it is valid as of; null when it may not be served.</returns>
    public Position? Vouch(Guid id, long version, Position asOf, ConsistencyToken after)
    {
        lock (gate)
        {
            if (heard is not { } known || !IsUsable || committing.ContainsKey(id) || !changes.Allows(id, version, asOf))
            {
                return null;
            }

            var validAsOf = asOf.Value > known.UpTo.Value ? asOf : known.UpTo;
            return after.IsLatest || (after.On(Shard) is { } told && (told.Timeline != validAsOf.Timeline || told.Value > validAsOf.Value)) ? null : validAsOf;
        }
    }

    /// <summary>Somebody says that a row has changed, before the outbox does: a state that is older is dropped. It need not be said.</summary>
    /// <param name="id">The row.</param>
    /// <param name="version">The version that it has at least, durably.</param>
    public void Hint(Guid id, long version)
    {
        lock (gate)
        {
            Drop(id, version);
        }
    }

    private static long TicksOf(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private bool Covers(Heard known, CacheEntry entry, ConsistencyToken after)
    {
        if (ReferenceEquals(after, ConsistencyToken.None))
        {
            return true;
        }

        return !after.IsLatest && (after.On(Shard) is not { } told
            || (told.Timeline == known.UpTo.Timeline && told.Value <= Math.Max(known.UpTo.Value, entry.AsOf.Value)));
    }

    private bool Put<T>(Guid id, long version, Read<T> read, Position asOf, UserId? author, int bytes)
        where T : class
    {
        if (committing.ContainsKey(id) || !changes.Allows(id, version, asOf) || (author is { } user && changes.IsDeleted(user)))
        {
            return false;
        }

        if (rows.TryGet(id, out var known) && (known.Version > version || (known.Version == version && known.AsOf.Value > asOf.Value)))
        {
            return known.Version == version;
        }

        rows.Put(new CacheEntry(id, read, version, asOf)
        {
            Author = author, At = time.GetTimestamp(), Bytes = bytes, Generation = changes.Generation,
        });
        return true;
    }

    private void TurnTo(Position upTo, bool isNew)
    {
        if (isNew)
        {
            rows.Clear();
            changes.Restart(upTo);
        }
        else if (changes.Turn(upTo))
        {
            // A post whose author's deletion is about to be forgotten must not come to light again.
            var kept = changes.Generation - 1;
            rows.RemoveWhere(entry => entry.Author is not null && entry.Generation < kept);
        }
    }

    private void Drop(Guid id, long version)
    {
        changes.Add(id, version);
        if (rows.TryGet(id, out var entry) && entry.Version < version)
        {
            rows.Remove(id);
        }
    }

    /// <summary>Its posts are known by their ids alone, so they stay until they are asked for, or the deletion is forgotten.</summary>
    private void Hide(UserId? deleted)
    {
        if (deleted is { } user)
        {
            changes.AddDeleted(user);
        }
    }

    private bool IsDeleted(UserId user)
    {
        lock (gate)
        {
            return changes.IsDeleted(user);
        }
    }
}
