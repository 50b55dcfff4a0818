using System.Text.Json;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Histories;

/// <summary>What a server has in the end: everybody, and every version of everybody, those among them whom nobody was told of.</summary>
internal sealed record FinalState(IReadOnlyList<SeenUser> Users, IReadOnlyList<FinalWrite> Writes)
{
    private const int PageSize = 500;
    private const int AtOnce = 8;

    public IReadOnlyCollection<FinalOwner> Owners => [.. Users.Select(user => new FinalOwner(user.EmailKey, user.Id))];

    /// <summary>Reads it.</summary>
    /// <param name="http">The way to the server.</param>
    /// <param name="known">Users that were acknowledged.</param>
    /// <exception cref="InvalidOperationException">A known user is not there.</exception>
    public static async Task<FinalState> ReadAsync(HttpClient http, IEnumerable<string> known)
    {
        var lines = await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
        List<SeenUser> there = [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(SeenUser.Of)];
        List<string> lost = [.. known.Except(there.Select(user => user.Id), StringComparer.Ordinal)];
        if (lost.Count > 0)
        {
            throw new InvalidOperationException($"Users are gone: {string.Join(", ", lost)}.");
        }

        var writes = new IReadOnlyList<FinalWrite>[there.Count];
        await Parallel.ForAsync(0, there.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
            writes[i] = await HistoryAsync(http, there[i].Id, cancellation));
        return new FinalState(there, [.. writes.SelectMany(own => own)]);
    }

    /// <summary>Every change sets a name, so each version has one event with a name: its tag.</summary>
    private static async Task<IReadOnlyList<FinalWrite>> HistoryAsync(HttpClient http, string user, CancellationToken cancellation)
    {
        List<FinalWrite> writes = [];
        for (var path = $"/users/{user}/history?limit={PageSize}"; path.Length > 0;)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            answer.EnsureSuccessStatusCode();
            using var events = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            writes.AddRange(events.RootElement.EnumerateArray()
                .Select(e => e.GetProperty("data"))
                .Where(data => data.TryGetProperty("name", out _))
                .Select(data => new FinalWrite(user, data.GetProperty("version").GetInt64(), data.GetProperty("name").GetString()!)));
            path = answer.Headers.TryGetValues("Link", out var links) ? links.First().Split('<', '>')[1] : string.Empty;
        }

        return writes;
    }
}
