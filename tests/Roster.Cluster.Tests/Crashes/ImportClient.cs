using System.Text;
using System.Text.Json;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>
/// Streams chunks of an import and reads the answers as they come. The e-mail is the key: a chunk that a crash cut
/// short is sent again whole, and each line that was acknowledged must be there with the id it was given.
/// </summary>
internal sealed class ImportClient(int seed, Tally tally)
{
    private const int ChunkLines = 100;
    private const int ChunksPerLife = 8;
    private const int LongestPauseMs = 60;

    private readonly Random random = new(seed);
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> recent = new(StringComparer.Ordinal);
    private int chunk;

    /// <summary>Users by e-mail, as acknowledged.</summary>
    public IReadOnlyDictionary<string, string> Ids => ids;

    /// <summary>Those acknowledged since this was asked last.</summary>
    public IReadOnlyDictionary<string, string> TakeRecent()
    {
        var taken = new Dictionary<string, string>(recent, StringComparer.Ordinal);
        recent.Clear();
        return taken;
    }

    /// <summary>Imports chunk after chunk, with pauses so that it lasts as long as a life, until the server dies.</summary>
    public async Task WorkAsync(HttpClient http)
    {
        for (var sent = 0; sent < ChunksPerLife && await SendAsync(http); sent++)
        {
            chunk++;
            await Task.Delay(random.Next(LongestPauseMs));
        }
    }

    /// <summary>Sends the chunk again that was cut short.</summary>
    public async Task SettleAsync(HttpClient http)
    {
        if (!await SendAsync(http))
        {
            throw new BrokenPromiseException($"Chunk {chunk} of the import did not end although the server ran.");
        }

        chunk++;
    }

    /// <summary>True when every line was answered and the last line said so.</summary>
    private async Task<bool> SendAsync(HttpClient http)
    {
        var emails = Enumerable.Range(0, ChunkLines).Select(line => $"import{chunk}.{line}@example.net").ToList();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/users/import", UriKind.Relative));
        request.Content = new StringContent(
            string.Concat(emails.Select(email => $$"""{"name":"Imported","email":"{{email}}"}""" + "\n")), Encoding.UTF8, "application/x-ndjson");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            response.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                using var answer = JsonDocument.Parse(line);
                if (answer.RootElement.TryGetProperty("done", out var done))
                {
                    return done.GetBoolean();
                }

                Take(emails, answer.RootElement);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            // The server died; a line cut in two counts as no line.
        }

        return false;
    }

    private void Take(List<string> emails, JsonElement answer)
    {
        var email = emails[answer.GetProperty("line").GetInt32() - 1];
        var result = answer.GetProperty("result").GetString();
        var id = answer.GetProperty("id").GetString()!;
        tally.Imported();
        recent[email] = id;
        if (!ids.TryAdd(email, id) && (ids[email] != id || result != "exists"))
        {
            throw new BrokenPromiseException($"{email} was imported as {ids[email]}, and now it is {result} as {id}.");
        }
    }
}
