using System.Text.Json;
using Roster.Client;

namespace Roster.Cli.Remote;

/// <summary>What a server's refusals mean to a person.</summary>
internal static class Answers
{
    /// <summary>Ends the verb with a sentence unless the server said yes.</summary>
    public static async ValueTask EnsureOkAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new VerbException(await SentenceOfAsync(response, cancellation));
        }
    }

    /// <summary>The problem that came with a refusal, in one sentence.</summary>
    public static async ValueTask<string> SentenceOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = $"The server answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
        var hint = HintOn((int)response.StatusCode);
        try
        {
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            using var problem = JsonDocument.Parse(body);
            var detail = problem.RootElement.TryGetProperty("detail", out var text) ? $": {text.GetString()}" : ".";
            return $"{status}{detail}{FieldsOf(problem.RootElement)}{hint}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or HttpRequestException or IOException)
        {
            return $"{status}.{hint}";
        }
    }

    /// <summary>Asks a server by its client; what goes wrong ends the verb with a sentence.</summary>
    public static async Task<T> AskAsync<T>(ServerAddress server, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RosterException e)
        {
            throw Refused(e.Problem, e);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            throw Unreachable(server.Url, e);
        }
    }

    /// <summary>A problem that ended a request of the client, in one sentence.</summary>
    public static VerbException Refused(Problem problem, Exception e)
    {
        var fields = problem.Errors is { } errors
            ? $" {string.Join("; ", errors.Select(field => $"{field.Key} {string.Join(", ", field.Value)}"))}." : string.Empty;
        return new($"The server answered {problem.Status} {problem.Title}: {problem.Detail}{fields}{HintOn(problem.Status)}", inner: e);
    }

    /// <summary>The server cannot be reached.</summary>
    public static VerbException Unreachable(Uri url, Exception e) =>
        new($"{url.GetLeftPart(UriPartial.Authority)} cannot be reached: {Cause(e)}", inner: e);

    /// <summary>The innermost reason, ended with a full stop.</summary>
    public static string Cause(Exception e)
    {
        var reason = e.GetBaseException().Message.ReplaceLineEndings(" ").Trim();
        return reason.EndsWith('.') ? reason : reason + ".";
    }

    private static string HintOn(int status) =>
        status == 401 ? $" Give a key with --key or {ServerOptions.KeyVariable}." : string.Empty;

    private static string FieldsOf(JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object
            ? " " + string.Join("; ", errors.EnumerateObject().Select(
                field => $"{field.Name} {string.Join(", ", field.Value.EnumerateArray().Select(e => e.GetString()))}")) + "."
            : string.Empty;
}
