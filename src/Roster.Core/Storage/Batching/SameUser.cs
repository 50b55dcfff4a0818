namespace Roster.Core.Storage.Batching;

/// <summary>Changes of one user conflict: each expects the sequence that the one before leads to.</summary>
internal sealed class SameUser : IEqualityComparer<Change>
{
    /// <inheritdoc/>
    public bool Equals(Change? x, Change? y) => x?.User == y?.User;

    /// <inheritdoc/>
    public int GetHashCode(Change change) => change.User.GetHashCode();
}
