using System.Collections.Concurrent;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Histories;

/// <summary>Clients that sign up and change the same few users and e-mails over HTTP, and all that they saw.</summary>
/// <param name="nodes">Their ways to the servers; each client keeps to one until it gives no answer.</param>
/// <param name="mostUsers">How many users they share.</param>
/// <param name="emails">How many e-mails they fight for.</param>
internal sealed class HistoryRun(IReadOnlyList<HttpClient> nodes, int mostUsers, int emails)
{
    private List<HistoryClient> clients = [];

    public IReadOnlyList<HttpClient> Nodes => nodes;

    public int MostUsers => mostUsers;

    public int Emails => emails;

    public LogicalClock Clock { get; } = new();

    /// <summary>Everybody who was acknowledged, with the newest version and its token.</summary>
    public ConcurrentDictionary<string, (long Version, string Token)> Users { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Operation> Log { get; } = new();

    /// <summary>What happened, for people.</summary>
    public string Summary { get; private set; } = string.Empty;

    /// <summary>What is checked of reads.</summary>
    public string Promise => nodes.Count == 1 ? "every history is linearizable per user" : "no read was older than what its token covers";

    /// <summary>Users' versions beyond their sign-ups, in the end.</summary>
    public int Changes { get; private set; }

    /// <summary>A version was acknowledged.</summary>
    public void Know(string user, long version, string token) =>
        Users.AddOrUpdate(user, (version, token), (_, known) => known.Version > version ? known : (version, token));

    /// <summary>Lets clients work while something happens to the server; every write is answered in the end.</summary>
    public async Task WorkAsync(int count, Random random, Func<Task> happens)
    {
        using var end = new CancellationTokenSource();
        clients = [.. Enumerable.Range(0, count).Select(n => new HistoryClient(n, random.Next(), this))];
        var working = clients.Select(c => c.WorkAsync(end.Token)).ToList();
        await Task.WhenAny(happens(), Task.WhenAll(working)).Unwrap();
        await end.CancelAsync();
        await Task.WhenAll(working);
    }

    /// <summary>
    /// Compares what clients saw with every version of everybody, those among them whom nobody was told of. One process is
    /// linearizable by itself; over several, a read is no older than the newest acknowledged version, whose token it carries.
    /// </summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync()
    {
        var final = await FinalState.ReadAsync(nodes[0], Users.Keys);
        Changes = final.Writes.Count - final.Users.Count;
        Summary = $"{Log.Count} operations, {final.Writes.Count} versions of {final.Users.Count} users, {clients.Sum(c => c.SentAgain)} writes sent again";
        var history = new History(Log, final.Writes, final.Owners) { Staleness = nodes.Count == 1 ? 0 : null };
        return HistoryChecker.Check(history).Findings;
    }
}
