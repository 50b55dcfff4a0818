using System.Collections.Concurrent;

namespace Roster.Api.Auth;

/// <summary>
/// Headers that were found valid with one copy of the keys: the next request with one costs a look-up instead of a hash. The
/// look-up's time tells nothing: texts are compared only after a randomly keyed hash of theirs has matched.
/// </summary>
/// <param name="edition">The copy of the keys (<see cref="Core.Keys.KeyRing.Edition"/>).</param>
internal sealed class KnownHeaders(object? edition)
{
    /// <summary>One key can be written in several ways.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, Identity> byHeader = new(StringComparer.Ordinal);
    private int count;

    public object? Edition { get; } = edition;

    public Identity? Find(string header) => byHeader.GetValueOrDefault(header);

    public void Add(string header, Identity identity)
    {
        if (Volatile.Read(ref count) < Most && byHeader.TryAdd(header, identity))
        {
            Interlocked.Increment(ref count);
        }
    }
}
