namespace Roster.Lab.Histories;

/// <summary>All that is known of a run: what clients saw, in any order, and what was there in the end.</summary>
/// <param name="Operations">What clients saw.</param>
/// <param name="Final">The final history of every user, in the store's order.</param>
/// <param name="Owners">The owners of e-mails in the end.</param>
public sealed record History(IReadOnlyCollection<Operation> Operations, IReadOnlyCollection<FinalWrite> Final, IReadOnlyCollection<FinalOwner> Owners)
{
    /// <summary>
    /// How old a read without a token may be, in the clock's units: 0 means never older than what was certain when it began
    /// (linearizable); null means however old. A read with a token is never older than what the token covers.
    /// </summary>
    public long? Staleness { get; init; } = 0;
}
