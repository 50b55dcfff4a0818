using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Histories;

/// <summary>The tokens of commits that ended, in one: for clients who tell each other.</summary>
public sealed class SharedTokens
{
    private readonly Lock gate = new();
    private ConsistencyToken known = ConsistencyToken.None;

    /// <summary>Covers all that was added.</summary>
    public ConsistencyToken Known
    {
        get
        {
            lock (gate)
            {
                return known;
            }
        }
    }

    /// <summary>Adds a commit's token.</summary>
    public void Add(ConsistencyToken token)
    {
        lock (gate)
        {
            known = known.Covering(token);
        }
    }
}
