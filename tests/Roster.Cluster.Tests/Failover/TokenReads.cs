using System.Text.Json;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Histories;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Failover;

/// <summary>
/// One client that changes its own users and reads them at once, by id and in lists, with the token of its last write and now
/// and then without one.
/// </summary>
/// <param name="name">Names its writes.</param>
/// <param name="http">The way to a node.</param>
/// <param name="run">Gets what it saw.</param>
internal sealed class TokenReads(string name, HttpClient http, LoadRun run)
{
    private const int Users = 4;
    private const int ReadsAWrite = 24;

    private readonly List<(SeenUser User, string Email)> users = [];
    private string? token;
    private int count;

    /// <summary>Reads with a token.</summary>
    public int WithToken { get; private set; }

    /// <summary>Reads without one that were older than what this client had written before.</summary>
    public int Stale { get; private set; }

    /// <summary>Works until it has read so often.</summary>
    public async Task WorkAsync(int reads)
    {
        while (WithToken < reads)
        {
            await WriteAsync(count % Users);
            for (var i = 0; i < ReadsAWrite; i++)
            {
                var (user, email) = users[i % users.Count];
                await (i % 4 == 3 ? ReadAsync(user, $"/users?email={email}") : ReadAsync(user, $"/users/{user.Id}"));
            }

            await ReadWithoutTokenAsync(users[(count - 1) % Users].User);
        }
    }

    private async Task WriteAsync(int number)
    {
        var tag = $"{name}-{count++}";
        var isNew = users.Count <= number;
        var email = isNew ? $"{tag}@example.com" : users[number].Email;
        var sent = isNew
            ? new Sent(HttpMethod.Post, "/users", JsonSerializer.Serialize(new { name = tag, email }), tag, Token: token)
            : new Sent(HttpMethod.Patch, $"/users/{users[number].User.Id}", JsonSerializer.Serialize(new { name = tag }), tag, Token: token);
        var invoked = run.Now;
        var answer = await sent.TryAsync(http);
        if (answer is not { IsDone: true })
        {
            throw new BrokenPromiseException($"{sent} was answered {answer}.");
        }

        var seen = SeenUser.Of(answer.Body);
        Log(seen.Id, OperationKind.Write, seen, token, invoked, answer.Token);
        token = answer.Token;
        if (isNew)
        {
            users.Add((seen, email));
        }
        else
        {
            users[number] = (seen, email);
        }
    }

    private async Task ReadAsync(SeenUser user, string path)
    {
        WithToken++;
        var invoked = run.Now;
        Log(user.Id, OperationKind.Read, await GetAsync(path, token), token, invoked);
    }

    private async Task ReadWithoutTokenAsync(SeenUser user)
    {
        var invoked = run.Now;
        var seen = await GetAsync($"/users/{user.Id}", sent: null);
        Stale += (seen?.Version ?? 0) < user.Version ? 1 : 0;
        Log(user.Id, OperationKind.Read, seen, sent: null, invoked);
    }

    private async Task<SeenUser?> GetAsync(string path, string? sent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (sent is not null)
        {
            request.Headers.Add("Consistency-Token", sent);
        }

        using var answer = await http.SendAsync(request);
        if ((int)answer.StatusCode == 404)
        {
            return null;
        }

        answer.EnsureSuccessStatusCode();
        return SeenUser.FirstOf(await answer.Content.ReadAsStringAsync());
    }

    private void Log(string user, OperationKind kind, SeenUser? seen, string? sent, long invoked, string? given = null) => run.Log.Enqueue(new Operation
    {
        Client = name,
        User = user,
        Kind = kind,
        Outcome = OperationOutcome.Done,
        Invoked = invoked,
        Answered = run.Now,
        Version = seen?.Version ?? 0,
        Tag = seen?.Name,
        Sent = sent,
        Token = given,
    });
}
