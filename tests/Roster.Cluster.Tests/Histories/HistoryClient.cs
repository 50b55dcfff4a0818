using System.Text.Json;
using Roster.Cluster.Tests.Crashes;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Histories;

/// <summary>
/// One client over HTTP, who writes down what it did and saw. A write that a kill cuts off is sent again with its
/// Idempotency-Key until it is answered: one operation, however many attempts. A read that is cut off says nothing.
/// </summary>
/// <param name="number">Names its writes.</param>
/// <param name="seed">Of its choices.</param>
/// <param name="run">What it shares with the others.</param>
internal sealed class HistoryClient(int number, int seed, HistoryRun run)
{
    private readonly Random random = new(seed);
    private int count;
    private int node = seed & int.MaxValue;

    /// <summary>Writes that were sent more than once.</summary>
    public int SentAgain { get; private set; }

    private HttpClient Http => run.Nodes[node % run.Nodes.Count];

    public async Task WorkAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await (random.Next(10) switch
            {
                0 or 1 when run.Users.Count < run.MostUsers => RegisterAsync(end),
                < 4 => FindAsync(),
                < 7 => ReadAsync(Any()),
                _ => ChangeAsync(end),
            });
        }
    }

    private async Task RegisterAsync(CancellationToken end)
    {
        var (tag, email, invoked) = (NewTag(), Email(), run.Clock.Tick());
        var answer = await SendAsync(new Sent(HttpMethod.Post, "/users", Json(new { name = tag, email }), tag), end);
        if (answer is { Status: 201 })
        {
            var user = SeenUser.Of(answer.Body);
            Log(new Operation
            {
                User = user.Id, Kind = OperationKind.Write, Outcome = OperationOutcome.Done, Invoked = invoked, Answered = run.Clock.Tick(),
                Version = user.Version, Tag = tag, Token = answer.Token, Takes = SeenUser.KeyOf(email),
            });
            run.Know(user.Id, user.Version, answer.Token!);
        }
        else
        {
            Expect(answer, 409, tag);
        }
    }

    /// <summary>Changes what was read and nothing newer, so that the e-mail that is given back is known.</summary>
    private async Task ChangeAsync(CancellationToken end)
    {
        if (await ReadAsync(Any()) is not { } user)
        {
            return;
        }

        var (tag, email, moves, invoked) = (NewTag(), Email(), random.Next(2) == 0, run.Clock.Tick());
        moves &= SeenUser.KeyOf(email) != user.EmailKey;
        var (body, token) = (moves ? Json(new { name = tag, email }) : Json(new { name = tag }), run.Users[user.Id].Token);
        var answer = await SendAsync(new Sent(HttpMethod.Patch, $"/users/{user.Id}", body, tag, user.Version, token), end);
        var isDone = answer is { Status: 200 };
        if (!isDone)
        {
            Expect(answer, moves && answer.Status == 409 ? 409 : 412, tag);
        }

        var version = isDone ? SeenUser.Of(answer.Body).Version : 0;
        Log(new Operation
        {
            User = user.Id, Kind = OperationKind.Write, Outcome = isDone ? OperationOutcome.Done : OperationOutcome.Refused,
            Invoked = invoked, Answered = run.Clock.Tick(), Version = version, Tag = tag, Sent = token, Token = isDone ? answer.Token : null,
            Takes = isDone && moves ? SeenUser.KeyOf(email) : null, Releases = isDone && moves ? user.EmailKey : null,
        });
        if (isDone)
        {
            run.Know(user.Id, version, answer.Token!);
        }
    }

    private async Task<SeenUser?> ReadAsync(string? id)
    {
        var token = id is null ? null : TokenOf(id);
        var invoked = run.Clock.Tick();
        if (id is null || await GetAsync($"/users/{id}", token) is not { } body)
        {
            return null;
        }

        var user = body.Length == 0 ? null : SeenUser.Of(body);
        LogRead(id, user, invoked, token);
        return user;
    }

    private async Task FindAsync()
    {
        var token = Any() is { } known ? TokenOf(known) : null;
        var invoked = run.Clock.Tick();
        if (await GetAsync($"/users?email={Email()}", token) is { Length: > 0 } body)
        {
            using var json = JsonDocument.Parse(body);
            foreach (var user in json.RootElement.EnumerateArray().Select(SeenUser.Of))
            {
                LogRead(user.Id, user, invoked, token);
            }
        }
    }

    /// <summary>Reads are linearizable without one at a single process only; there, some go without.</summary>
    private string? TokenOf(string user) => run.Nodes.Count == 1 && random.Next(2) == 0 ? null : run.Users[user].Token;

    /// <summary>The body; empty for 404, null when no answer came.</summary>
    private async Task<string?> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (token is not null)
        {
            request.Headers.Add("Consistency-Token", token);
        }

        try
        {
            using var answer = await Http.SendAsync(request);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : (int)answer.StatusCode == 404 ? string.Empty : null;
        }
        catch (HttpRequestException)
        {
            node++;
            await Task.Delay(20);
            return null;
        }
    }

    /// <summary>The server always comes back: the end of the run ends no write.</summary>
    private async Task<Answer> SendAsync(Sent sent, CancellationToken end)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await sent.TryAsync(Http) is { IsOpen: false } answer)
            {
                SentAgain += attempt > 1 ? 1 : 0;
                return answer;
            }

            if (end.IsCancellationRequested && attempt > 500)
            {
                throw new BrokenPromiseException($"{sent} had no answer although the server ran.");
            }

            node++;
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private void LogRead(string id, SeenUser? user, long invoked, string? token) => Log(new Operation
    {
        User = id, Kind = OperationKind.Read, Outcome = OperationOutcome.Done, Invoked = invoked, Answered = run.Clock.Tick(),
        Version = user?.Version ?? 0, Tag = user?.Name, Sent = token,
    });

    private void Log(Operation operation) => run.Log.Enqueue(operation);

    private static void Expect(Answer answer, int status, string tag)
    {
        if (answer.Status != status)
        {
            throw new BrokenPromiseException($"{tag} was answered {answer}.");
        }
    }

    private string? Any()
    {
        var known = run.Users.Keys.ToList();
        return known.Count == 0 ? null : known[random.Next(known.Count)];
    }

    private string NewTag() => $"c{number}-{count++}";

    private string Email() => $"{(random.Next(2) == 0 ? "Shared" : "shared")}{random.Next(run.Emails)}@example.org";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
