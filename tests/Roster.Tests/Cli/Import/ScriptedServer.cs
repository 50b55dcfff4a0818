using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Cli.Remote;

namespace Roster.Tests.Cli.Import;

/// <summary>
/// Speaks the protocol of an import and fails as it is told, one request after another, then never again. It registers every
/// line that it was sent, answered or not, and names each user after its e-mail.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> users = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Failure> failures;
    private readonly WebApplication app;

    private ScriptedServer(Failure[] failures)
    {
        this.failures = new ConcurrentQueue<Failure>(failures);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/users/import", AnswerAsync);
    }

    /// <summary>What goes wrong with a request.</summary>
    /// <param name="How">The manner.</param>
    /// <param name="Answered">Lines answered before.</param>
    internal sealed record Failure(Manner How, int Answered = 0);

    internal enum Manner
    {
        /// <summary>503 before anything.</summary>
        Busy,

        /// <summary>The connection is reset.</summary>
        Reset,

        /// <summary>The answer ends in the middle of a line, as if it were whole.</summary>
        CutInLine,

        /// <summary>The answer ends behind a line, without the last word.</summary>
        CutBehindLine,

        /// <summary>The last word is that not all was done.</summary>
        NotDone,
    }

    public ServerAddress Address => new(new Uri(app.Urls.First()), null);

    public int Requests { get; private set; }

    /// <summary>Failures that are still to come.</summary>
    public int Left => failures.Count;

    public static async Task<ScriptedServer> StartAsync(params Failure[] failures)
    {
        var server = new ScriptedServer(failures);
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Requests++;
        using var body = new StreamReader(http.Request.Body);
        var lines = (await body.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var answers = lines.Select((line, i) => AnswerTo(line, i + 1)).ToList();
        if (!failures.TryDequeue(out var failure))
        {
            await WriteAsync(http, string.Concat(answers) + "{\"done\":true}\n");
            return;
        }

        if (failure.How == Manner.Busy)
        {
            http.Response.StatusCode = 503;
            await http.Response.WriteAsync("""{"detail":"Too much to do."}""");
            return;
        }

        var answered = Math.Min(failure.Answered, lines.Length - 1);
        var next = answers[answered];
        await WriteAsync(http, string.Concat(answers.Take(answered)) + failure.How switch
        {
            Manner.CutInLine => next[..(next.Length / 2)],
            Manner.NotDone => "{\"done\":false,\"error\":\"The store went away.\"}\n",
            _ => string.Empty,
        });
        if (failure.How == Manner.Reset)
        {
            http.Abort();
        }
    }

    private string AnswerTo(string line, int number)
    {
        using var user = JsonDocument.Parse(line);
        var email = user.RootElement.GetProperty("email").GetString()!;
        return $$"""{"line":{{number}},"result":"{{(users.TryAdd(email, true) ? "created" : "exists")}}","id":"{{email}}"}""" + "\n";
    }

    private static async Task WriteAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "application/x-ndjson";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await http.Response.Body.FlushAsync();
    }
}
