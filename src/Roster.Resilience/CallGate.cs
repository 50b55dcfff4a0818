using Roster.Core.Storage;

namespace Roster.Resilience;

/// <summary>
/// So many calls at a time; further ones wait in order, and whoever would wait too long by what calls took lately is refused at once.
/// Safe for concurrent use.
/// </summary>
internal sealed class CallGate(int places, TimeSpan maxWait, TimeProvider time) : IDisposable
{
    /// <summary>What the last call counts for in the mean.</summary>
    private const double Share = 0.1;

    /// <summary>What is no more than this share of the wait is quick: from here on a mean can double.</summary>
    private const double Quick = 1.0 / 16;

    private readonly SemaphoreSlim free = new(places, places);
    private int waiting;
    private double meanSeconds;

    /// <summary>Runs a call when there is a place for it.</summary>
    /// <exception cref="StoreBusyException">Too many wait already.</exception>
    public async ValueTask<T> RunAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> call, TState state, CancellationToken cancellation)
    {
        if (!free.Wait(0, CancellationToken.None))
        {
            await WaitAsync(cancellation);
        }

        var start = time.GetTimestamp();
        try
        {
            return await call(state, cancellation);
        }
        finally
        {
            Learn(time.GetElapsedTime(start).TotalSeconds);
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();

    /// <summary>
    /// A call counts for twice the mean at most: the first ones open connections, and what stood still once says nothing of the next.
    /// What stays slow is known after some thirty calls. Two that end together may count as one: it is a mean.
    /// </summary>
    private void Learn(double seconds)
    {
        var mean = Volatile.Read(ref meanSeconds);
        var counted = Math.Min(seconds, Math.Max(2 * mean, Quick * maxWait.TotalSeconds));
        Volatile.Write(ref meanSeconds, ((1 - Share) * mean) + (Share * Math.Min(counted, maxWait.TotalSeconds)));
    }

    private async ValueTask WaitAsync(CancellationToken cancellation)
    {
        var ahead = Interlocked.Increment(ref waiting);
        try
        {
            if (ahead > 2 * places && ahead * Volatile.Read(ref meanSeconds) / places > maxWait.TotalSeconds)
            {
                throw new StoreBusyException(StoreBusyException.TooManyWait);
            }

            await free.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }
}
