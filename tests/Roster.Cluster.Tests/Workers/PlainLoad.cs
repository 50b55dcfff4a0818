using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Roster.Cluster.Tests.Workers;

/// <summary>Clients that ask without end; each request has one outcome, and nothing is repeated.</summary>
internal sealed class PlainLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentBag<(int Port, string What)> failures = [];
    private readonly List<PlainClient> clients;
    private readonly List<Task> running;
    private int answered;

    /// <summary>Starts them.</summary>
    /// <param name="node">Whom they ask.</param>
    /// <param name="count">Clients.</param>
    /// <param name="keepAlive">Whether a client keeps its connection; else each request has one of its own.</param>
    public PlainLoad(SupervisedNode node, int count, bool keepAlive = true)
    {
        clients = [.. Enumerable.Range(0, count).Select(_ => new PlainClient(node))];
        running = [.. clients.Select(client => Task.Run(() => AskAsync(client, keepAlive)))];
    }

    /// <summary>Requests that were answered with 200.</summary>
    public int Answered => Volatile.Read(ref answered);

    /// <summary>The others: the client's port, and what happened.</summary>
    public IReadOnlyCollection<(int Port, string What)> Failures => failures;

    /// <summary>Ends when each client has been answered about so many times more.</summary>
    public async Task AdvanceAsync(int each)
    {
        for (var goal = Answered + (each * clients.Count); Answered < goal;)
        {
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!ending.IsCancellationRequested)
        {
            await ending.CancelAsync();
            await Task.WhenAll(running);
            clients.ForEach(client => client.Dispose());
            ending.Dispose();
        }
    }

    private async Task AskAsync(PlainClient client, bool keepAlive)
    {
        while (!ending.IsCancellationRequested)
        {
            var port = client.Port;
            try
            {
                var status = await client.AskAsync();
                if (status == 200)
                {
                    Interlocked.Increment(ref answered);
                }
                else
                {
                    failures.Add((port, $"{status}"));
                }
            }
            catch (Exception e) when (e is SocketException or EndOfStreamException or OperationCanceledException)
            {
                failures.Add((port, e.Message));
            }

            if (!keepAlive)
            {
                client.Dispose();
            }

            // Pauses of different lengths: requests come at every moment of a server's life.
            await Task.Delay(Random.Shared.Next(0, 6));
        }
    }
}
