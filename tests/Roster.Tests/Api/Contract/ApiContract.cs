using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Roster.Tests.Events.Schemas;
using Xunit;

namespace Roster.Tests.Api.Contract;

/// <summary>
/// Holds the server to its document: every answer must be one that the document promises, and every request that
/// succeeded one that it allows. All clients of the API tests call it for all they get.
/// </summary>
internal sealed class ApiContract(ApiDocument document)
{
    private const string Lines = "application/x-ndjson";

    // Of the connection, of browsers' protocols and of rate limits, not of an operation.
    private static readonly HashSet<string> Transport = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Date", "Vary",
        "RateLimit", "RateLimit-Policy",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Allow-Credentials",
    };

    private readonly JsonSchema answers = new(document.Root, closed: true);
    private readonly JsonSchema requests = new(document.Root, closed: false);

    /// <summary>The document that is served.</summary>
    public static ApiContract Served { get; } = new(ApiDocument.Served);

    /// <summary>Fails with everything that is not as the document says.</summary>
    public void Check(Exchange exchange)
    {
        var wrong = Problems(exchange);
        Assert.True(wrong.Count == 0, $"Not as the document says: {string.Join("; ", wrong)}\n{exchange}");
    }

    private List<string> Problems(Exchange exchange)
    {
        var answer = exchange.Answer;
        if (IsOfWebServer(answer) || exchange.Path is not { } path || IsPreflight(exchange))
        {
            return [];
        }

        if (document.At(path) is not { } operations)
        {
            return CheckAnswer(document.Component("responses", "NothingThere"), 404, exchange);
        }

        if (!operations.TryGetValue(exchange.IsHead ? "get" : exchange.Method.ToLowerInvariant(), out var operation))
        {
            return answer.Status == 400
                ? CheckAnswer(document.Component("responses", "Malformed"), 400, exchange)
                : CheckAnswer(document.Component("responses", "MethodNotAllowed"), 405, exchange);
        }

        return operation.GetProperty("responses").TryGetProperty(answer.Status.ToString(), out var response)
            ? [.. CheckAnswer(answers.Resolve(response), answer.Status, exchange), .. CheckRequest(operation, exchange), .. CheckEvents(exchange)]
            : [$"{operation.GetProperty("operationId")} has no answer {answer.Status}"];
    }

    // What is no HTTP never gets to the API.
    private static bool IsOfWebServer(Answer answer) =>
        answer is { Status: 400 or 405 or 414 or 431 or 505, Body.Length: 0 } && answer.Header("Content-Type") is null;

    private static bool IsPreflight(Exchange exchange) => exchange is { Method: "OPTIONS", Answer.Status: 204 };

    private List<string> CheckAnswer(JsonElement response, int status, Exchange exchange)
    {
        var answer = exchange.Answer;
        return answer.Status != status
            ? [$"{status} was to be expected"]
            : [.. CheckHeaders(response, answer), .. CheckContent(response, exchange)];
    }

    private IEnumerable<string> CheckHeaders(JsonElement response, Answer answer)
    {
        var listed = response.TryGetProperty("headers", out var headers)
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => answers.Resolve(header.Value), StringComparer.OrdinalIgnoreCase)
            : [];
        var missing = listed.Where(header => header.Value.TryGetProperty("required", out var required) && required.GetBoolean() && answer.Header(header.Key) is null);
        return
        [
            .. missing.Select(header => $"there is no {header.Key}"),
            .. answer.Headers.Where(header => !Transport.Contains(header.Key)).SelectMany(header => listed.TryGetValue(header.Key, out var said)
                ? answers.Check(said.GetProperty("schema"), Typed(said.GetProperty("schema"), header.Value)).Select(problem => $"{header.Key}: {problem}")
                : [$"{header.Key} is not listed"]),
        ];
    }

    private IEnumerable<string> CheckContent(JsonElement response, Exchange exchange)
    {
        var answer = exchange.Answer;
        if (!response.TryGetProperty("content", out var contents))
        {
            return answer.Body.Length == 0 ? [] : ["a body where none is promised"];
        }

        var type = MediaType(answer.Header("Content-Type"));
        if (type is null || !contents.TryGetProperty(type, out var content))
        {
            return [$"the content type {type} is not listed"];
        }

        return exchange.IsHead || !content.TryGetProperty("schema", out var schema) ? []
            : type == Lines ? answer.Lines.SelectMany(line => answers.Check(schema, line))
            : type.EndsWith("json", StringComparison.Ordinal) ? answers.Check(schema, answer.Json)
            : [];
    }

    private static IEnumerable<string> CheckEvents(Exchange exchange) =>
        exchange is { IsHead: false, Answer.Status: 200 } && exchange.Path!.TrimEnd('/').EndsWith("/history", StringComparison.Ordinal)
            ? exchange.Answer.Items.SelectMany(EventSchemas.Check)
            : [];

    private IEnumerable<string> CheckRequest(JsonElement operation, Exchange exchange)
    {
        if (exchange.Answer.Status >= 300)
        {
            return [];
        }

        var query = QueryHelpers.ParseQuery(exchange.Query);
        var parameters = operation.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray().Select(answers.Resolve) : [];
        var ofQuery = parameters.Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .Where(parameter => query.ContainsKey(parameter.GetProperty("name").GetString()!))
            .SelectMany(parameter => requests.Check(
                parameter.GetProperty("schema"),
                Typed(parameter.GetProperty("schema"), query[parameter.GetProperty("name").GetString()!].ToString().Replace(' ', '+'))));
        return [.. ofQuery.Concat(CheckBody(operation, exchange)).Select(problem => $"the request succeeded, but {problem}")];
    }

    private IEnumerable<string> CheckBody(JsonElement operation, Exchange exchange)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return [];
        }

        var type = MediaType(exchange.BodyType) ?? "application/json";
        return !body.GetProperty("content").TryGetProperty(type, out var content) ? [$"its content type {type} is not listed"]
            : type is Lines or "text/csv" ? []
            : requests.Check(content.GetProperty("schema"), JsonElement.Parse(exchange.Body.Span.TrimStart("\uFEFF"u8)));
    }

    /// <summary>A header or parameter as the JSON value that its schema speaks of.</summary>
    private static JsonElement Typed(JsonElement schema, string text) =>
        schema.GetProperty("type").GetString() is "integer" or "boolean" && (text is "true" or "false" || long.TryParse(text, out _))
            ? JsonElement.Parse(text.TrimStart('+'))
            : JsonSerializer.SerializeToElement(text);

    private static string? MediaType(string? header) => header?.Split(';')[0].Trim().ToLowerInvariant();
}
