using Roster.Core.Storage;
using Roster.Core.Storage.Caching;

namespace Roster.Redis.Caching;

/// <summary>
/// Tells Redis what a shard's outbox told this node. What Redis did not confirm is told again, with what came since; so a lost call,
/// or a Redis that has forgotten some, leaves a gap that is seen (<see cref="Advanced.Behind"/>), and nothing false.
/// </summary>
internal sealed class Invalidations(SharedUsers users, SharedCacheOptions options, TimeProvider time)
{
    private const int PerCall = 1_000;

    /// <summary>Redis is told again where the outbox is, also when nothing changed: it may have lost what it was told.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private TaskCompletionSource wanted = NewRound();
    private Dictionary<Guid, long> rows = [];
    private Position? confirmed;
    private Position? heard;
    private long? behindSince;

    /// <summary>A page, in order; does not wait.</summary>
    public void Add(HeardChanges told)
    {
        lock (gate)
        {
            if (told.IsNew)
            {
                (confirmed, heard) = (told.UpTo, told.UpTo);
                rows.Clear();
            }
            else if (confirmed is not null)
            {
                foreach (var (id, version) in told.Rows)
                {
                    rows[id] = Math.Max(rows.GetValueOrDefault(id), version);
                }

                heard = told.UpTo ?? heard;
            }

            if (rows.Count > options.Remembered)
            {
                // Redis is away for long. Others may have told it; if not, it begins anew.
                rows = [];
                confirmed = heard;
            }
        }

        if (told.IsNew || told.Rows.Count > 0)
        {
            Volatile.Read(ref wanted).TrySetResult();
        }
    }

    /// <summary>Tells until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await Task.WhenAny(wanted.Task, Task.Delay(Beat, time, cancellation));
                Volatile.Write(ref wanted, NewRound());
                await TellAsync();

                // What comes in quick succession goes in one call.
                await Task.Delay(Pause, time, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    /// <summary>Tells once what is known now.</summary>
    internal async Task TellAsync()
    {
        Dictionary<Guid, long> told;
        Position from;
        Position to;
        lock (gate)
        {
            if (confirmed is not { } known || heard is not { } newest)
            {
                return;
            }

            (told, from, to) = (rows, known, newest);
            rows = [];
        }

        var result = await TellAsync([.. told], from, to);
        lock (gate)
        {
            behindSince = result == Advanced.Behind ? behindSince ?? time.GetTimestamp() : null;
            if (confirmed != from)
            {
                // Another history has begun meanwhile.
                return;
            }

            if (result is Advanced.Done or Advanced.BegunAnew or Advanced.Left)
            {
                confirmed = to;
                return;
            }

            foreach (var (id, version) in told)
            {
                rows[id] = Math.Max(rows.GetValueOrDefault(id), version);
            }
        }
    }

    /// <summary>Only the last call says that all is told.</summary>
    private async Task<Advanced> TellAsync(KeyValuePair<Guid, long>[] told, Position from, Position to)
    {
        var mayReset = behindSince is { } since && time.GetElapsedTime(since) >= options.Patience;
        for (var i = 0; ; i += PerCall)
        {
            var isLast = i + PerCall >= told.Length;
            var part = told[Math.Min(i, told.Length)..Math.Min(i + PerCall, told.Length)];
            var result = await users.AdvanceAsync(from, isLast ? to : from, part, mayReset);
            if (result == Advanced.BegunAnew && !isLast)
            {
                // What the parts before told is forgotten with all else.
                i = -PerCall;
            }
            else if (isLast || result != Advanced.Done)
            {
                return result;
            }
        }
    }

    private static TaskCompletionSource NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
