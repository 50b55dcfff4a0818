using System.Diagnostics;
using System.Text.Json;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Histories;

namespace Roster.Cluster.Tests.Caching;

/// <summary>One client that changes and reads everybody's users through all nodes, and holds every answer against the truth.</summary>
internal sealed class TruthClient(int number, IReadOnlyList<HttpClient> nodes, IReadOnlyList<(string Id, Truth Truth)> users, TimeSpan bound, int seed)
{
    private readonly Random random = new(seed);
    private int count;

    /// <summary>Requests that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Reads with a token.</summary>
    public long WithToken { get; private set; }

    /// <summary>Reads without one.</summary>
    public long Without { get; private set; }

    /// <summary>Reads without one that found what had been replaced.</summary>
    public long Stale { get; private set; }

    /// <summary>The longest time that such a state had been replaced for.</summary>
    public TimeSpan Oldest { get; private set; }

    /// <summary>What breaks a promise, in sentences.</summary>
    public List<string> Broken { get; } = [];

    public async Task WorkAsync(int requests)
    {
        while (Answered < requests)
        {
            // Few are asked for often, as with real users: the square of an even number leans to zero.
            var (id, truth) = users[(int)(users.Count * Math.Pow(random.NextDouble(), 2))];
            await (random.Next(10) == 0 ? ChangeAsync(id, truth) : ReadAsync(id, truth, random.Next(2) == 0));
            Answered++;
        }
    }

    private async Task ChangeAsync(string id, Truth truth)
    {
        var tag = $"c{number}-{count++}";
        var answer = await new Sent(HttpMethod.Patch, $"/users/{id}", JsonSerializer.Serialize(new { name = tag }), tag).TryAsync(Node());
        if (answer is not { IsDone: true, Token: { } token })
        {
            Broken.Add($"{tag} was answered {answer}.");
            return;
        }

        truth.Acknowledge(SeenUser.Of(answer.Body).Version, tag, token);
    }

    private async Task ReadAsync(string id, Truth truth, bool withToken)
    {
        var (version, token) = truth.Newest;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/users/{id}", UriKind.Relative));
        if (withToken)
        {
            request.Headers.Add("Consistency-Token", token);
        }

        var begun = Stopwatch.GetTimestamp();
        using var answer = await Node().SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            Broken.Add($"{id} was answered {(int)answer.StatusCode} {body}.");
            return;
        }

        var seen = SeenUser.Of(body);
        if (truth.IsForged(seen.Version, seen.Name))
        {
            Broken.Add($"{id}: version {seen.Version} was read as {seen.Name}, which it is not.");
        }

        if (withToken)
        {
            WithToken++;
            if (seen.Version < version)
            {
                Broken.Add($"{id}: version {seen.Version} was read with a token that covers {version}.");
            }

            return;
        }

        Without++;
        var age = truth.AgeOf(seen.Version, begun);
        Stale += age > TimeSpan.Zero ? 1 : 0;
        Oldest = age > Oldest ? age : Oldest;
        if (age > bound)
        {
            Broken.Add($"{id}: version {seen.Version} was read {age.TotalSeconds:F2} s after it had been replaced.");
        }
    }

    private HttpClient Node() => nodes[random.Next(nodes.Count)];
}
