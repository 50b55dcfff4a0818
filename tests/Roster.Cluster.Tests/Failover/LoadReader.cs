using Roster.Cluster.Tests.Histories;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Reads users that anybody has written, by id and in lists, mostly with the token of the newest write.</summary>
internal sealed class LoadReader(string name, HttpClient http, int seed, LoadRun run)
{
    private readonly Random random = new(seed);

    public Task WorkAsync(TimeSpan period, CancellationToken end) => LoadRun.EachAsync(period, ReadAsync, end);

    private async Task ReadAsync()
    {
        List<string> known = [.. run.Board.Keys];
        if (known.Count == 0)
        {
            return;
        }

        var user = run.Board[known[random.Next(known.Count)]];
        await (random.Next(10) switch
        {
            < 2 => GetAsync(user, $"/users/{user.Id}", token: null),
            < 7 => GetAsync(user, $"/users/{user.Id}", user.Token),
            _ => GetAsync(user, $"/users?email={user.Email}", user.Token),
        });
    }

    private async Task GetAsync(BoardEntry user, string path, string? token)
    {
        var invoked = run.Now;
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.Add("Consistency-Token", token);
        }

        try
        {
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();

            // Without a token a user may not be there yet, and that is no failure.
            if (answer.IsSuccessStatusCode || (int)answer.StatusCode == 404)
            {
                Log(user.Id, answer.IsSuccessStatusCode ? SeenUser.FirstOf(body) : null, token, invoked);
                return;
            }

            run.Failed.Enqueue(new FailedRequest(run.Now, HttpMethod.Get, $"{path}: {(int)answer.StatusCode} {body}")
            {
                NobodyHasIt = token is not null && body.Contains("No member of the shard leads.", StringComparison.Ordinal),
            });
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            run.Failed.Enqueue(new FailedRequest(run.Now, HttpMethod.Get, $"{path}: {e.Message}"));
        }
    }

    private void Log(string user, SeenUser? seen, string? token, long invoked) => run.Log.Enqueue(new Operation
    {
        Client = name,
        User = user,
        Kind = OperationKind.Read,
        Outcome = OperationOutcome.Done,
        Invoked = invoked,
        Answered = run.Now,
        Version = seen?.Version ?? 0,
        Tag = seen?.Name,
        Sent = token,
    });
}
