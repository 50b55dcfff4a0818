using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Roster.Cluster.Tests.Edge;

/// <summary>
/// Requests in an open loop: each begins when its time has come, however long others take, and is sent once. Sign-ups and
/// changes carry Idempotency-Keys, except those that are meant not to.
/// </summary>
/// <param name="http">The way to nginx.</param>
/// <param name="perSecond">Requests begun in a second.</param>
/// <param name="seed">Of their choices.</param>
/// <param name="keyless">How many of a hundred requests are sign-ups without a key, which nobody may repeat.</param>
internal sealed class EdgeLoad(HttpClient http, int perSecond, int seed, int keyless)
{
    /// <summary>Of all requests, in hundredths.</summary>
    private const int SignUps = 15;
    private const int Changes = 10;
    private const int Lookups = 10;

    private readonly Random random = new(seed);
    private readonly string run = $"{seed}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private readonly Lock gate = new();
    private readonly List<EdgeUser> known = [];
    private readonly long begun = Stopwatch.GetTimestamp();
    private int started;

    /// <summary>Requests that have ended.</summary>
    public ConcurrentQueue<EdgeRequest> Done { get; } = new();

    /// <summary>Everybody who was acknowledged.</summary>
    public IReadOnlyList<EdgeUser> Known
    {
        get
        {
            lock (gate)
            {
                return [.. known];
            }
        }
    }

    /// <summary>Seconds since the beginning.</summary>
    public double Now => Stopwatch.GetElapsedTime(begun).TotalSeconds;

    /// <summary>Sends requests while something happens, and waits for the last answers.</summary>
    public async Task WhileAsync(Func<Task> happens)
    {
        ConcurrentBag<Task> sent = [];
        var happening = Task.Run(happens);
        var (from, before) = (Now, started);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!happening.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            for (var due = before + (int)((Now - from) * perSecond); started < due;)
            {
                var (number, choice) = (started++, random.Next(100));
                var user = Pick(choice is >= SignUps and < SignUps + Changes);
                sent.Add(Task.Run(() => SendAsync(number, choice, user)));
            }
        }

        await Task.WhenAll(sent);
        await happening;
    }

    private async Task SendAsync(int number, int choice, EdgeUser? user)
    {
        var (kind, request) = Request(number, choice, user);
        using var sent = request;
        var changed = kind == RequestKind.Change ? user : null;
        var from = Now;
        string? failure = null;
        try
        {
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            failure = answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode} {body}";
            if (failure is null && kind.IsWrite)
            {
                Acknowledge(body, changed);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            failure = $"no answer: {e.GetBaseException().Message}";
        }
        finally
        {
            changed?.IsBusy = false;
        }

        Done.Enqueue(new EdgeRequest(kind, from, Now - from, failure));
    }

    private (RequestKind Kind, HttpRequestMessage Request) Request(int number, int choice, EdgeUser? user)
    {
        var tag = $"{run}-{number}";
        if (user is null || choice < SignUps)
        {
            var isKeyless = choice < keyless;
            return (isKeyless ? RequestKind.KeylessSignUp : RequestKind.SignUp,
                Write(HttpMethod.Post, "/users", new { name = tag, email = $"{tag}@example.com" }, isKeyless ? null : tag));
        }

        return choice < SignUps + Changes ? (RequestKind.Change, Write(HttpMethod.Patch, $"/users/{user.Id}", new { name = tag }, tag))
            : choice < SignUps + Changes + Lookups ? (RequestKind.Lookup, new HttpRequestMessage(HttpMethod.Get, $"/users?email={user.Email}"))
            : (RequestKind.Read, new HttpRequestMessage(HttpMethod.Get, $"/users/{user.Id}"));
    }

    private static HttpRequestMessage Write(HttpMethod method, string path, object body, string? key)
    {
        var request = new HttpRequestMessage(method, path) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }

    /// <summary>Somebody who is known; one change of a user at a time, so that the newest acknowledged name is the one to find.</summary>
    private EdgeUser? Pick(bool toChange)
    {
        lock (gate)
        {
            var user = known.Count == 0 ? null : known[random.Next(known.Count)];
            if (user is null || !toChange)
            {
                return user;
            }

            if (user.IsBusy)
            {
                return null;
            }

            user.IsBusy = true;
            return user;
        }
    }

    private void Acknowledge(string body, EdgeUser? changed)
    {
        using var json = JsonDocument.Parse(body);
        var (id, version) = (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("version").GetInt64());
        lock (gate)
        {
            if (changed is not null)
            {
                changed.Version = version;
                return;
            }

            known.Add(new EdgeUser(id, json.RootElement.GetProperty("email").GetString()!) { Version = version });
        }
    }
}

/// <summary>A user as far as acknowledged.</summary>
internal sealed record EdgeUser(string Id, string Email)
{
    /// <summary>The newest acknowledged version.</summary>
    public long Version { get; set; }

    /// <summary>Whether a change is on its way.</summary>
    public bool IsBusy { get; set; }
}

/// <summary>A request that has ended.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="At">When it began, in seconds of the run.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">What came instead of 2xx; null when it succeeded.</param>
internal sealed record EdgeRequest(RequestKind Kind, double At, double Seconds, string? Failure);

/// <summary>A kind of request.</summary>
/// <param name="Name">For people.</param>
/// <param name="IsWrite">Whether it changes something.</param>
/// <param name="IsRepeatable">Whether it is safe to send again.</param>
internal sealed record RequestKind(string Name, bool IsWrite, bool IsRepeatable)
{
    public static readonly RequestKind Read = new("GET /users/{id}", IsWrite: false, IsRepeatable: true);
    public static readonly RequestKind Lookup = new("GET /users?email=", IsWrite: false, IsRepeatable: true);
    public static readonly RequestKind SignUp = new("POST /users with a key", IsWrite: true, IsRepeatable: true);
    public static readonly RequestKind KeylessSignUp = new("POST /users without a key", IsWrite: true, IsRepeatable: false);
    public static readonly RequestKind Change = new("PATCH /users/{id} with a key", IsWrite: true, IsRepeatable: true);
}
