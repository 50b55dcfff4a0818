using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>What one change of a batch does at one claim.</summary>
/// <param name="Number">The change's place, from 1.</param>
/// <param name="Step">As <c>roster_commit</c> numbers them.</param>
/// <param name="Key">The claim.</param>
/// <param name="Intent">Whose step it is, if an intent's.</param>
/// <param name="Fence">The intent's.</param>
internal readonly record struct ClaimStep(int Number, short Step, ClaimKey Key, Guid? Intent, long Fence)
{
    private const short Take = 0;
    private const short GiveBack = 1;
    private const short Reserve = 2;

    /// <summary>All of a batch, in the one order that every batch locks claims in.</summary>
    /// <param name="sorted">The changes in their places.</param>
    /// <exception cref="ArgumentException">A change does more than one thing at a claim that an intent steps at.</exception>
    public static ClaimStep[] All(PreparedChange[] sorted)
    {
        var steps = new List<ClaimStep>(sorted.Length);
        for (var i = 0; i < sorted.Length; i++)
        {
            var number = i + 1;
            var change = sorted[i].Change;
            steps.AddRange(change.Claims.DistinctLast(c => c.Key).Select(c => new ClaimStep(number, c.Take ? Take : GiveBack, c.Key, null, 0)));
            steps.AddRange(change.Reservations.Select(r => new ClaimStep(number, StepOf(r.Step), r.Key, r.Intent, r.Fence)));
            if (change.Reservations.Count > 0
                && change.Reservations.Select(r => r.Key).Concat(change.Claims.Select(c => c.Key)).HasDuplicates())
            {
                throw new ArgumentException("A change takes one step at a claim.", nameof(sorted));
            }
        }

        steps.Sort(static (a, b) => Compare(a.Key, b.Key) is not 0 and var order ? order : a.Number.CompareTo(b.Number));
        return [.. steps];
    }

    private static short StepOf(ReservationStep step) => (short)(Reserve + (int)step);

    /// <summary>The order in which every batch meets claims.</summary>
    public static int Compare(ClaimKey a, ClaimKey b)
    {
        var buckets = a.Bucket.Value.CompareTo(b.Bucket.Value);
        var tenants = buckets != 0 ? buckets : string.CompareOrdinal(a.Tenant.Value, b.Tenant.Value);
        return tenants != 0 ? tenants : string.CompareOrdinal(a.EmailKey, b.EmailKey);
    }
}
