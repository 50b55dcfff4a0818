using Roster.Core.Ids;

namespace Roster.Core.Requests;

/// <summary>
/// Turns of this node's writes that have lost a race, by bucket. Without them, all who want to change one user read the same state,
/// and one of them wins: a crowd of n needs n² attempts, and comes faster than it goes. In line they meet only newcomers and other nodes.
/// A bucket's users share a line, so that there are never more lines than buckets. Safe for concurrent use.
/// </summary>
internal sealed class WriteTurns
{
    /// <summary>Who would be behind so many is told to come back later.</summary>
    public const int MostInLine = 128;

    private readonly Line?[] lines = new Line?[BucketId.Count];

    /// <summary>Waits in line.</summary>
    /// <param name="bucket">Whose line.</param>
    /// <param name="cancellation">Leaves it.</param>
    /// <returns>A turn, which ends when it is disposed; null when the line is too long.</returns>
    public async ValueTask<IDisposable?> TakeAsync(BucketId bucket, CancellationToken cancellation)
    {
        var line = LazyInitializer.EnsureInitialized(ref lines[bucket.Value]);
        if (Interlocked.Increment(ref line.Count) > MostInLine)
        {
            Interlocked.Decrement(ref line.Count);
            return null;
        }

        try
        {
            await line.Gate.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Interlocked.Decrement(ref line.Count);
            throw;
        }

        return line;
    }

    /// <summary>One bucket's, and at the same time the turn of whoever has it.</summary>
    private sealed class Line : IDisposable
    {
        public int Count;

        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Ends the turn.</summary>
        public void Dispose()
        {
            Interlocked.Decrement(ref Count);
            Gate.Release();
        }
    }
}
