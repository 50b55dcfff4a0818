using System.Collections.Concurrent;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Crashes;

namespace Roster.Cluster.Tests.Backups;

/// <summary>Signs up, changes and deletes users of its own until it is told to stop; every request must succeed.</summary>
internal sealed class BusyClient(int number, HttpClient http)
{
    private readonly Random random = new(number);
    private readonly ConcurrentQueue<(string Id, string? Body)> acknowledged = [];
    private readonly ConcurrentDictionary<string, bool> deletions = [];
    private readonly List<string> living = [];

    /// <summary>The number of writes so far.</summary>
    public int Writes => acknowledged.Count;

    /// <summary>Works.</summary>
    public async Task WorkAsync(CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            if (living.Count < 3 || random.Next(2) == 0)
            {
                var body = await SendAsync(HttpMethod.Post, "/users", new { name = $"Busy {i}", email = $"busy{number}.{i}@example.com" });
                var id = new KnownUser(body).Id;
                living.Add(id);
                acknowledged.Enqueue((id, body));
                continue;
            }

            var user = living[random.Next(living.Count)];
            if (random.Next(4) == 0)
            {
                deletions[user] = true;
                living.Remove(user);
                await SendAsync<object>(HttpMethod.Delete, $"/users/{user}", null);
                acknowledged.Enqueue((user, null));
            }
            else
            {
                acknowledged.Enqueue((user, await SendAsync(HttpMethod.Patch, $"/users/{user}", new { name = $"Busy {i}", email = $"busy{number}.{i}@example.com" })));
            }
        }
    }

    /// <summary>What has been acknowledged to it so far.</summary>
    public IReadOnlyCollection<KnownUser> Known()
    {
        Dictionary<string, KnownUser> known = new(StringComparer.Ordinal);
        foreach (var (id, body) in acknowledged.ToArray())
        {
            if (body is null)
            {
                known[id].IsDeleted = true;
            }
            else if (known.TryGetValue(id, out var user))
            {
                user.Learn(body);
            }
            else
            {
                known.Add(id, new KnownUser(body));
            }
        }

        return known.Values;
    }

    /// <summary>Whether a deletion was sent by now: a backup of a moment ago may have the user or not.</summary>
    public bool MayBeDeleted(KnownUser user) => deletions.ContainsKey(user.Id);

    private async Task<string> SendAsync<T>(HttpMethod method, string path, T? content)
        where T : class
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content is null ? null : JsonContent.Create(content) };
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? body : throw new BrokenPromiseException($"{method} {path} was refused beside a backup: {(int)answer.StatusCode} {body}");
    }
}
