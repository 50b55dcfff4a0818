using System.Text.Json;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>
/// One client: creates, changes and deletes users of its own, one request at a time, until an answer stays out. Then
/// exactly one request is unanswered, and it is settled by sending it again once the server is back.
/// </summary>
internal sealed class CrashClient(int number, int seed, Tally tally)
{
    /// <summary>E-mails that every client wants, so that claims are fought for.</summary>
    private const int Contested = 8;

    private readonly Random random = new(seed);
    private readonly List<KnownUser> living = [];
    private readonly HashSet<KnownUser> touched = [];
    private (Sent Sent, KnownUser? User, Answer Answer)? last;
    private (Sent Sent, KnownUser? User)? unanswered;
    private int count;

    /// <summary>Every user that was acknowledged to this client.</summary>
    public List<KnownUser> Users { get; } = [];

    /// <summary>Users touched since this was asked last.</summary>
    public IReadOnlyCollection<KnownUser> TakeTouched()
    {
        var taken = touched.ToList();
        touched.Clear();
        return taken;
    }

    /// <summary>The user whose deletion is unanswered, if that is what the crash cut off.</summary>
    public KnownUser? MayBeDeleted => unanswered is { } open && open.Sent.Method == HttpMethod.Delete ? open.User : null;

    /// <summary>Works until the server dies.</summary>
    public async Task WorkAsync(HttpClient http)
    {
        while (unanswered is null)
        {
            if (last is { } before && random.Next(20) == 0)
            {
                await RepeatAsync(http, before.Sent, before.Answer);
                continue;
            }

            var (sent, user) = Next();
            await TakeAsync(http, sent, user);
        }
    }

    /// <summary>Sends the unanswered request again, and then once more: it must happen once, and say so.</summary>
    public async Task SettleAsync(HttpClient http)
    {
        if (unanswered is not { } open)
        {
            return;
        }

        unanswered = null;
        var answer = await TakeAsync(http, open.Sent, open.User)
            ?? throw new BrokenPromiseException($"{open.Sent} had no answer although the server ran.");
        tally.Settled(answer);
        if (answer.IsDone)
        {
            await RepeatAsync(http, open.Sent, answer);
        }
    }

    private async Task<Answer?> TakeAsync(HttpClient http, Sent sent, KnownUser? user)
    {
        var answer = await sent.TryAsync(http);
        if (answer is null || answer.IsOpen)
        {
            unanswered = (sent, user);
            return null;
        }

        // Only the fight for an e-mail can be lost; all else is this client's alone.
        if (answer.Status == 409 && sent.Body!.Contains("contested", StringComparison.Ordinal))
        {
            tally.Refused();
            return answer;
        }

        if (!answer.IsDone)
        {
            throw new BrokenPromiseException($"{sent} was refused: {answer}.");
        }

        tally.Acknowledged();
        Learn(sent, user, answer);
        last = (sent, user, answer);
        return answer;
    }

    private void Learn(Sent sent, KnownUser? user, Answer answer)
    {
        if (user is null)
        {
            user = new KnownUser(answer.Body);
            Users.Add(user);
            living.Add(user);
        }
        else if (sent.Method == HttpMethod.Delete)
        {
            user.IsDeleted = true;
            living.Remove(user);
        }
        else
        {
            user.Learn(answer.Body);
        }

        touched.Add(user);
    }

    private static async Task RepeatAsync(HttpClient http, Sent sent, Answer first)
    {
        if (await sent.TryAsync(http) is { IsOpen: false } again && again != first with { Replayed = true, Token = again.Token })
        {
            throw new BrokenPromiseException($"{sent} was answered {first}, and then {again}.");
        }
    }

    private (Sent Sent, KnownUser? User) Next()
    {
        var key = $"client-{number}-{count++}";
        var name = $"name {number} {count}";
        if (living.Count < 3 || random.Next(10) < 6)
        {
            return (new Sent(HttpMethod.Post, "/users", Json(new { name, email = NewEmail(), attributes = new { number, count } }), key), null);
        }

        var user = living[random.Next(living.Count)];
        return random.Next(10) switch
        {
            < 3 => (new Sent(HttpMethod.Delete, $"/users/{user.Id}", null, key), user),
            < 5 => (new Sent(HttpMethod.Patch, $"/users/{user.Id}", Json(new { name, email = NewEmail() }), key), user),
            _ => (new Sent(HttpMethod.Patch, $"/users/{user.Id}", Json(new { name }), key), user),
        };
    }

    private string NewEmail() => random.Next(10) == 0
        ? $"contested{random.Next(Contested)}@example.org"
        : $"user{number}.{count}@example.com";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
