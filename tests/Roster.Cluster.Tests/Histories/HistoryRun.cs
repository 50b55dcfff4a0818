using System.Collections.Concurrent;
using System.Text.Json;
using Roster.Storage.Conformance.Histories;

namespace Roster.Cluster.Tests.Histories;

/// <summary>Clients that sign up and change the same few users and e-mails over HTTP, and all that they saw.</summary>
/// <param name="nodes">Their ways to the servers; each client keeps to one until it gives no answer.</param>
/// <param name="mostUsers">How many users they share.</param>
/// <param name="emails">How many e-mails they fight for.</param>
internal sealed class HistoryRun(IReadOnlyList<HttpClient> nodes, int mostUsers, int emails)
{
    private const int PageSize = 500;
    private List<HistoryClient> clients = [];

    public IReadOnlyList<HttpClient> Nodes => nodes;

    public int MostUsers => mostUsers;

    public int Emails => emails;

    public LogicalClock Clock { get; } = new();

    public ConcurrentDictionary<string, long> Users { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Operation> Log { get; } = new();

    /// <summary>What happened, for people.</summary>
    public string Summary { get; private set; } = string.Empty;

    /// <summary>Users' versions beyond their sign-ups, in the end.</summary>
    public int Changes { get; private set; }

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

    /// <summary>Compares what clients saw with every version of everybody, those among them whom nobody was told of.</summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync()
    {
        var lines = await nodes[0].GetStringAsync(new Uri("/users/export", UriKind.Relative));
        var there = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SeenUser.Of).ToList();
        var lost = Users.Keys.Except(there.Select(u => u.Id), StringComparer.Ordinal).ToList();
        if (lost.Count > 0)
        {
            throw new InvalidOperationException($"Users are gone: {string.Join(", ", lost)}.");
        }

        List<FinalWrite> writes = [];
        foreach (var user in there)
        {
            await foreach (var write in HistoryAsync(user.Id))
            {
                writes.Add(write);
            }
        }

        Changes = writes.Count - there.Count;
        Summary = $"{Log.Count} operations, {writes.Count} versions of {there.Count} users, {clients.Sum(c => c.SentAgain)} writes sent again";
        return HistoryChecker.Check(Log, writes, [.. there.Select(u => new FinalOwner(u.EmailKey, u.Id))]);
    }

    /// <summary>Every change sets a name, so each version has one event with a name: its tag.</summary>
    private async IAsyncEnumerable<FinalWrite> HistoryAsync(string user)
    {
        var path = $"/users/{user}/history?limit={PageSize}";
        while (path.Length > 0)
        {
            using var answer = await nodes[0].GetAsync(new Uri(path, UriKind.Relative));
            answer.EnsureSuccessStatusCode();
            using var events = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            foreach (var data in events.RootElement.EnumerateArray().Select(e => e.GetProperty("data")))
            {
                if (data.TryGetProperty("name", out var name))
                {
                    yield return new FinalWrite(user, data.GetProperty("version").GetInt64(), name.GetString()!);
                }
            }

            path = answer.Headers.TryGetValues("Link", out var links) ? links.First().Split('<', '>')[1] : string.Empty;
        }
    }
}
