namespace Roster.Core.Storage.Batching;

/// <summary>
/// Whether what is asked now can be answered in time. A queue that is longer than what can be worked off serves nobody: each in it
/// waits longer than its caller does, so whoever would wait too long is refused at once ("The Tail at Scale"; SRE book, 21).
/// Not safe for concurrent use.
/// </summary>
public sealed class Admission(BatchingOptions options, TimeProvider time)
{
    /// <summary>So few are always let in: what is slow with so few is not overloaded.</summary>
    public const int AlwaysAdmitted = 32;

    /// <summary>Batches smaller than this tell little. While anybody is refused they are larger: of those always let in half are in one.</summary>
    private const int Few = AlwaysAdmitted / 4;

    /// <summary>So many are let in at once where only few were seen lately.</summary>
    private const int Tried = 4 * AlwaysAdmitted;

    private readonly BatchTiming timing = new(options.MaxWait.TotalSeconds);
    private readonly double mostSeconds = options.MaxWait.TotalSeconds;
    private readonly List<Batch> underWay = [];
    private double largest;

    /// <summary>Whether another batch may start.</summary>
    public bool HasRoom => underWay.Count < options.MaxInFlight;

    /// <summary>A batch starts.</summary>
    /// <returns>What <see cref="Ended"/> wants.</returns>
    public Batch Started(int items)
    {
        var batch = new Batch(items, time.GetTimestamp());
        underWay.Add(batch);
        return batch;
    }

    /// <summary>A batch has ended.</summary>
    /// <param name="batch">Which.</param>
    /// <param name="hasSucceeded">Whether its time says how long batches take: one that failed may have ended early.</param>
    public void Ended(Batch batch, bool hasSucceeded)
    {
        underWay.Remove(batch);
        if (hasSucceeded)
        {
            largest = Math.Max(batch.Items, largest * BatchTiming.Memory);
            timing.Add(batch.Items, time.GetElapsedTime(batch.Since).TotalSeconds);
        }
    }

    /// <summary>Whether items would be answered in time.</summary>
    /// <param name="items">How many are asked for.</param>
    /// <param name="waiting">How many wait already.</param>
    public bool Admits(int items, int waiting)
    {
        if (HasRoom)
        {
            return true;
        }

        // What a few items took, after a start above all, says nothing about many: they are tried once.
        // A batch that takes longer than it should is a stall, of a failover for one: what waits for its end may be quick then.
        var ahead = waiting;
        var soonest = double.MaxValue;
        foreach (var batch in underWay)
        {
            ahead += batch.Items;
            var rest = timing.Of(batch.Items, options.MaxBatch) - time.GetElapsedTime(batch.Since).TotalSeconds;
            soonest = Math.Min(soonest, Math.Max(0, rest));
        }

        return ahead < AlwaysAdmitted
            || (largest < Few && ahead + items <= Tried)
            || (soonest + (timing.Of(Filled(waiting + items), options.MaxBatch) / options.MaxInFlight) <= mostSeconds && Fits(waiting + items))
            || (waiting == 0 && items > AlwaysAdmitted);
    }

    /// <summary>So many, and those who will join the last of several batches.</summary>
    private int Filled(int items) => items <= options.MaxBatch ? items : (items + options.MaxBatch - 1) / options.MaxBatch * options.MaxBatch;

    /// <summary>
    /// Whether a batch of so many leaves time for the one before it. All of a batch are answered at its end: those who came first wait
    /// for those who joined last, so none may take more than half of the time; but an eighth for its items, however much is fixed.
    /// </summary>
    private bool Fits(int items) =>
        timing.PerItem * Math.Min(items, options.MaxBatch) <= Math.Max((mostSeconds / 2) - timing.Fixed, mostSeconds / 8);

    /// <summary>A batch under way.</summary>
    public sealed record Batch(int Items, long Since);
}
