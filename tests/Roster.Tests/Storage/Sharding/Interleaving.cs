using Roster.Core.Storage;

namespace Roster.Tests.Storage.Sharding;

/// <summary>
/// Runs clients of several nodes one storage call at a time, in an order that a seed decides, and lets some die before
/// or after a call: every interleaving of calls is one that real nodes could meet, and the same seed meets it again.
/// </summary>
internal sealed class Interleaving(int seed)
{
    private readonly Random random = new(seed);
    private readonly List<TaskCompletionSource<bool>> parked = [];

    /// <summary>A node's way to a shard: each call waits for its turn, before and after.</summary>
    public IStore Between(IStore shard) => new WatchedStore(shard, TurnAsync, TurnAsync);

    /// <summary>Runs all clients to their end or death. A client that dies leaves everything as it is.</summary>
    /// <param name="clients">What each does; started in turn.</param>
    /// <param name="deaths">Of 1,000 turns, how many kill their client.</param>
    public void Run(IEnumerable<Func<Task>> clients, int deaths)
    {
        List<Task> running = [.. clients.Select(client => client())];
        while (parked.Count > 0)
        {
            var next = parked[random.Next(parked.Count)];
            parked.Remove(next);
            if (random.Next(1000) >= deaths)
            {
                // Continues the client here and now, until it waits for its next turn.
                next.SetResult(true);
            }
        }

        foreach (var failed in running.Where(task => task.IsFaulted))
        {
            throw new InvalidOperationException($"A client failed; seed {seed}.", failed.Exception);
        }
    }

    private Task TurnAsync()
    {
        var turn = new TaskCompletionSource<bool>();
        parked.Add(turn);
        return turn.Task;
    }
}
