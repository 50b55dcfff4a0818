using System.Text.Json;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Histories;
using Roster.Lab.Histories;

namespace Roster.Cluster.Tests.Failover;

/// <summary>Signs users up and renames them, one write after the other; each carries the token of the one before. A write that
/// fails is repeated with its key until it is answered: one operation, however many attempts.</summary>
internal sealed class LoadWriter(string name, HttpClient http, int seed, LoadRun run)
{
    private const int LeastUsers = 5;
    private readonly Random random = new(seed);
    private readonly List<BoardEntry> users = [];
    private int count;
    private string? token;

    public Task WorkAsync(TimeSpan period, CancellationToken end) => LoadRun.EachAsync(period, WriteAsync, end);

    private async Task WriteAsync()
    {
        var tag = $"{name}-{count++}";
        var user = users.Count < LeastUsers || random.Next(10) == 0 ? null : users[random.Next(users.Count)];
        var email = user?.Email ?? $"{tag}@example.com";
        var sent = user is null
            ? new Sent(HttpMethod.Post, "/users", JsonSerializer.Serialize(new { name = tag, email }), tag, Token: token)
            : new Sent(HttpMethod.Patch, $"/users/{user.Id}", JsonSerializer.Serialize(new { name = tag }), tag, Token: token);
        var invoked = run.Now;
        var answer = await AnswerAsync(sent);
        var seen = answer.IsDone ? SeenUser.Of(answer.Body) : null;
        run.Log.Enqueue(new Operation
        {
            Client = name,
            User = seen?.Id ?? user?.Id ?? string.Empty,
            Kind = OperationKind.Write,
            Outcome = answer.IsDone ? OperationOutcome.Done : OperationOutcome.Refused,
            Invoked = invoked,
            Answered = run.Now,
            Version = seen?.Version ?? 0,
            Tag = tag,
            Sent = token,
            Token = answer.Token,
            Key = tag,
            Takes = user is null ? seen?.EmailKey : null,
        });
        users.RemoveAll(known => known.Id == user?.Id);
        if (seen is not null)
        {
            token = answer.Token;
            users.Add(new BoardEntry(seen.Id, email, answer.Token!));
            run.Board[seen.Id] = users[^1];
        }
    }

    /// <summary>The first answer that is no 503. The servers come back: the end of the run ends no write.</summary>
    private async Task<Answer> AnswerAsync(Sent sent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await sent.TryAsync(http);
            if (answer is { IsDone: true })
            {
                return answer;
            }

            run.Failed.Enqueue(new FailedRequest(run.Now, sent.Method, $"{sent.Path}: {answer?.ToString() ?? "no answer"}"));
            if (answer is { IsOpen: false })
            {
                return answer;
            }

            if (attempt > 1_000)
            {
                throw new BrokenPromiseException($"{sent} was answered {answer} to the end.");
            }

            await Task.Delay(100);
        }
    }
}
