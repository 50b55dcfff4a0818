using System.Diagnostics;

namespace Roster.Cluster.Tests.Caching;

/// <summary>What was acknowledged of one user: each version, when that was, and its token.</summary>
internal sealed class Truth
{
    private readonly Lock gate = new();
    private readonly SortedList<long, (long At, string Tag)> acknowledged = [];
    private (long Version, string Token) newest;

    /// <summary>The newest acknowledged version, and a token that covers it.</summary>
    public (long Version, string Token) Newest
    {
        get
        {
            lock (gate)
            {
                return newest;
            }
        }
    }

    /// <summary>A write was answered.</summary>
    public void Acknowledge(long version, string tag, string token)
    {
        lock (gate)
        {
            acknowledged[version] = (Stopwatch.GetTimestamp(), tag);
            newest = version > newest.Version ? (version, token) : newest;
        }
    }

    /// <summary>Whether a version is known under another tag than it was read with.</summary>
    public bool IsForged(long version, string tag)
    {
        lock (gate)
        {
            return acknowledged.TryGetValue(version, out var known) && known.Tag != tag;
        }
    }

    /// <summary>For how long a version had been replaced by an acknowledged one at a moment; zero when it had not.</summary>
    public TimeSpan AgeOf(long version, long moment)
    {
        lock (gate)
        {
            // The first newer one to be acknowledged, whichever version that was.
            var first = acknowledged.Where(known => known.Key > version).Select(known => known.Value.At).DefaultIfEmpty(long.MaxValue).Min();
            return first < moment ? Stopwatch.GetElapsedTime(first, moment) : TimeSpan.Zero;
        }
    }
}
