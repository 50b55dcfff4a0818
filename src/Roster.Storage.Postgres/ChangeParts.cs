using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Parts of a change, as a statement that works on sets needs them.</summary>
internal static class ChangeParts
{
    /// <summary>The e-mails that a change wants to have afterwards.</summary>
    public static IEnumerable<ClaimKey> TakenEmails(this Change change) => change.Claims.Where(c => c.Take).Select(c => c.Key)
        .Concat(change.Reservations.Where(r => r.Step == ReservationStep.Reserve).Select(r => r.Key));

    /// <summary>Of the items with one key the last: a set knows no order, and what stands last is what holds.</summary>
    public static IEnumerable<T> DistinctLast<T, TKey>(this IReadOnlyList<T> items, Func<T, TKey> key) =>
        items.Count < 2 ? items : items.Reverse().DistinctBy(key).Reverse();

    /// <summary>Whether something comes twice.</summary>
    public static bool HasDuplicates<T>(this IEnumerable<T> items) => !items.All(new HashSet<T>().Add);
}
