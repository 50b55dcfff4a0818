namespace Roster.Core.Storage.Batching;

/// <summary>
/// How long a batch of a size takes: a + b·size, by least squares over the last batches, each of which counts less than the one after it.
/// Where their sizes tell nothing, all of the time is the items': so batches become smaller until their sizes tell something.
/// One that took longer than <paramref name="cap"/>, and than twice what was to be expected, counts as if it had taken just that: a stall
/// says nothing about the next batch. Not safe for concurrent use.
/// </summary>
/// <param name="cap">Seconds.</param>
public sealed class BatchTiming(double cap)
{
    /// <summary>What a batch counts for after the next one: some seven count at any time.</summary>
    public const double Memory = 0.85;

    /// <summary>What is believed before anything is measured, as a share of what is: that an empty batch takes no time.</summary>
    private const double Belief = 0.01;

    private double weight;
    private double size;
    private double time;
    private double sizeSquared;
    private double sizeTime;

    /// <summary>What a batch costs, however small: seconds.</summary>
    public double Fixed { get; private set; }

    /// <summary>What an item more costs: seconds.</summary>
    public double PerItem { get; private set; }

    /// <summary>A batch has ended.</summary>
    public void Add(int items, double seconds)
    {
        var took = Math.Min(seconds, Math.Max(cap, 2 * (Fixed + (PerItem * items))));
        weight = (weight * Memory) + 1;
        size = (size * Memory) + items;
        time = (time * Memory) + took;
        sizeSquared = (sizeSquared * Memory) + ((double)items * items);
        sizeTime = (sizeTime * Memory) + (items * took);
        var all = weight * (1 + Belief);
        var slope = ((sizeTime * all) - (size * time)) / ((sizeSquared * all) - (size * size));
        PerItem = Math.Clamp(slope, 0, time / size);
        Fixed = (time - (PerItem * size)) / weight;
    }

    /// <summary>Seconds that so many items will take.</summary>
    /// <param name="items">Items.</param>
    /// <param name="maxBatch">Items of one batch at most.</param>
    public double Of(int items, int maxBatch) => items <= 0 ? 0 : (Fixed * ((items + maxBatch - 1) / maxBatch)) + (PerItem * items);
}
