namespace Roster.Storage.Conformance.Sequences;

/// <summary>
/// A failing sequence without the steps it does not need (Zeller and Hildebrandt, "Simplifying and isolating
/// failure-inducing input", 2002, without its complements): ever smaller pieces are left out while it still fails.
/// </summary>
public static class Shrinking
{
    /// <summary>A part of the sequence that still fails and from which no single step can be left out.</summary>
    /// <param name="failing">A sequence that fails.</param>
    /// <param name="fails">Whether a sequence fails.</param>
    public static async Task<IReadOnlyList<Step>> SmallestAsync(
        IReadOnlyList<Step> failing, Func<IReadOnlyList<Step>, Task<bool>> fails)
    {
        for (var size = Math.Max(1, failing.Count / 2); size >= 1; size /= 2)
        {
            bool shorter;
            do
            {
                shorter = false;
                for (var start = 0; start < failing.Count; start += size)
                {
                    Step[] rest = [.. failing.Take(start), .. failing.Skip(start + size)];
                    if (await fails(rest))
                    {
                        (failing, shorter) = (rest, true);
                        start -= size;
                    }
                }
            }
            while (shorter && size == 1);
        }

        return failing;
    }
}
