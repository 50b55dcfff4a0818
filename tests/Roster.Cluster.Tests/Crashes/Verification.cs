using System.Net.Http.Json;
using System.Text.Json;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>Compares what the server has with what it acknowledged.</summary>
internal sealed class Verification(HttpClient http)
{
    private const int IdsAtOnce = 500;
    private const int Together = 8;

    /// <summary>Before any retry: every acknowledged user is there, with at least the acknowledged version.</summary>
    public async Task NothingIsLostAsync(IReadOnlyCollection<KnownUser> users, IReadOnlyDictionary<string, string> imported)
    {
        var versions = await VersionsAsync([.. users.Select(u => u.Id), .. imported.Values]);
        foreach (var user in users)
        {
            if (user.IsDeleted != versions[user.Id] is null && (user.IsDeleted || !MayBeDeleted(user)))
            {
                throw new BrokenPromiseException($"{user.Id} was acknowledged {(user.IsDeleted ? "as deleted, and is there" : $"with version {user.Version}, and is gone")}.");
            }

            if (versions[user.Id] < user.Version)
            {
                throw new BrokenPromiseException($"{user.Id} was acknowledged with version {user.Version}, and has {versions[user.Id]}.");
            }
        }

        if (imported.FirstOrDefault(i => versions[i.Value] is null) is { Key: not null } lost)
        {
            throw new BrokenPromiseException($"{lost.Key} was acknowledged by an import as {lost.Value}, and is gone.");
        }
    }

    /// <summary>Users whose deletion is unanswered: both answers are right until it is settled.</summary>
    public required Func<KnownUser, bool> MayBeDeleted { private get; init; }

    /// <summary>After all retries: these users are exactly what was acknowledged, in every version.</summary>
    public Task EveryVersionIsThereAsync(IEnumerable<KnownUser> users) =>
        Parallel.ForEachAsync(users, new ParallelOptions { MaxDegreeOfParallelism = Together }, async (user, _) =>
        {
            if (!user.IsDeleted)
            {
                await SameAsync(user, $"/users/{user.Id}", user.Bodies[user.Version]);
            }

            foreach (var (version, body) in user.Bodies)
            {
                await SameAsync(user, $"/users/{user.Id}?version={version}", body);
            }
        });

    /// <summary>At the end: the server's users are those that were acknowledged, no more, and no e-mail has two of them.</summary>
    public async Task NobodyElseIsThereAsync(IEnumerable<KnownUser> users, IReadOnlyDictionary<string, string> imported)
    {
        Dictionary<string, string> expected = new(imported, StringComparer.Ordinal);
        foreach (var user in users.Where(u => !u.IsDeleted))
        {
            if (!expected.TryAdd(user.Email, user.Id))
            {
                throw new BrokenPromiseException($"{user.Email} was acknowledged to {expected[user.Email]} and to {user.Id}.");
            }
        }

        var count = 0;
        await foreach (var (id, email) in ExportAsync())
        {
            count++;
            if (!expected.TryGetValue(email, out var owner) || owner != id)
            {
                throw new BrokenPromiseException($"{id} has {email}, which was acknowledged to {owner ?? "nobody"}.");
            }
        }

        if (count != expected.Count)
        {
            throw new BrokenPromiseException($"{expected.Count} users were acknowledged; {count} are there.");
        }
    }

    private async Task SameAsync(KnownUser user, string path, string expected)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();

        // A deleted user's past is shown to administrators, marked as deleted now or as it was then: the versions must be there.
        if (!answer.IsSuccessStatusCode || body != expected)
        {
            throw new BrokenPromiseException($"{path} was acknowledged as {expected}, and is {(int)answer.StatusCode} {body} ({(user.IsDeleted ? "deleted" : "living")}).");
        }
    }

    private async Task<Dictionary<string, long?>> VersionsAsync(List<string> ids)
    {
        var versions = ids.ToDictionary(id => id, _ => (long?)null, StringComparer.Ordinal);
        foreach (var some in ids.Chunk(IdsAtOnce))
        {
            using var answer = await http.PostAsJsonAsync("/users:get", new { ids = some });
            answer.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            foreach (var user in json.RootElement.GetProperty("users").EnumerateArray().Where(u => u.GetProperty("status").GetString() != "deleted"))
            {
                versions[user.GetProperty("id").GetString()!] = user.GetProperty("version").GetInt64();
            }
        }

        return versions;
    }

    private async IAsyncEnumerable<(string Id, string Email)> ExportAsync()
    {
        using var answer = await http.GetAsync(new Uri("/users/export", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            using var user = JsonDocument.Parse(line);
            yield return (user.RootElement.GetProperty("id").GetString()!, user.RootElement.GetProperty("email").GetString()!);
        }
    }
}
