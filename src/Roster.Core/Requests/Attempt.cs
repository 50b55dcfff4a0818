using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>What one look at the current state led to.</summary>
/// <typeparam name="T">User or post.</typeparam>
public abstract record Attempt<T>
    where T : class
{
    /// <summary>Not possible, unless an earlier request with the same key did it.</summary>
    public sealed record Refused(WriteResult<T> Why) : Attempt<T>;

    /// <summary>It is so already, and nothing needs to be remembered.</summary>
    public sealed record Settled(T State, BucketId Bucket) : Attempt<T>;

    /// <summary>To be committed; it leads to <paramref name="Then"/>.</summary>
    public sealed record Ready(Change Change, T Then) : Attempt<T>;
}
