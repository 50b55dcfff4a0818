using Roster.Core.Ids;

namespace Roster.Core.Storage.Caching;

/// <summary>
/// The rows that changed lately, with their least versions: so that a state that was read before a change, by a slow reader
/// or from a replica, is known for what it is, by positions alone and without clocks. Two generations
/// of bounded size; what is older than both is below <see cref="Floor"/>. Not safe for concurrent use.
/// </summary>
/// <param name="limit">Changes per generation.</param>
internal sealed class RecentChanges(int limit)
{
    private readonly Dictionary<Guid, long>[] versions = [[], []];
    private readonly HashSet<UserId>[] deleted = [[], []];
    private Position since;

    /// <summary>Every change after this position is remembered; null before any was heard of.</summary>
    public Position? Floor { get; private set; }

    /// <summary>How often a generation was forgotten.</summary>
    public int Generation { get; private set; }

    private Dictionary<Guid, long> Young => versions[Generation & 1];

    /// <summary>Begins anew: all before is unknown.</summary>
    /// <param name="floor">All changes after it will be told; null while that is not known.</param>
    public void Restart(Position? floor)
    {
        Array.ForEach(versions, generation => generation.Clear());
        Array.ForEach(deleted, generation => generation.Clear());
        (Floor, since) = (floor, floor ?? default);
        Generation += 2;
    }

    /// <summary>
    /// A row has at least this version. Also remembered anew when it was known before: who commits knows it sooner than the outbox says
    /// it, and the generation that it is known in may end before the position of the change.
    /// </summary>
    public void Add(Guid id, long version) => Young[id] = Math.Max(LeastOf(id), version);

    /// <summary>A user is deleted, or about to be: none of its posts may be served. Remembered anew as other changes are.</summary>
    public void AddDeleted(UserId user) => deleted[Generation & 1].Add(user);

    public bool IsDeleted(UserId user) => deleted[0].Contains(user) || deleted[1].Contains(user);

    /// <summary>The version that a row has at least; 0 when nothing is remembered of it.</summary>
    public long LeastOf(Guid id) => Math.Max(versions[0].GetValueOrDefault(id), versions[1].GetValueOrDefault(id));

    /// <summary>Whether a state that includes everything up to a position is the one that the row has now, as far as was heard.</summary>
    public bool Allows(Guid id, long version, Position asOf) =>
        Floor is { } floor && asOf.Timeline == floor.Timeline && asOf.Value >= floor.Value && version >= LeastOf(id);

    /// <summary>Forgets the older generation when the younger is full; true when it did.</summary>
    /// <param name="upTo">What was added so far and will not be added again is up to here: changes of the page that ends here are
    /// added after this.</param>
    public bool Turn(Position upTo)
    {
        if (Floor is null || Young.Count + deleted[Generation & 1].Count < limit)
        {
            return false;
        }

        Generation++;
        Young.Clear();
        deleted[Generation & 1].Clear();
        (Floor, since) = (since, upTo);
        return true;
    }
}
