using System.Text;
using System.Text.Json;
using Xunit;

namespace Roster.Tests.Api;

/// <summary>A response, read whole.</summary>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The body's items, when it is an array.</summary>
    public IReadOnlyList<JsonElement> Items => [.. Json.EnumerateArray()];

    /// <summary>The body's lines, each as JSON.</summary>
    public IReadOnlyList<JsonElement> Lines =>
        [.. Encoding.UTF8.GetString(Body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    public string Id => Text("id");

    public long Version => Json.GetProperty("version").GetInt64();

    /// <summary>The path of the next page, or null on the last.</summary>
    public string? Next => Header("Link") is { } link && link.EndsWith(">; rel=\"next\"", StringComparison.Ordinal)
        ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);

        // A stream has no end to wait for.
        var body = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? [] : await response.Content.ReadAsByteArrayAsync();
        return new Answer((int)response.StatusCode, headers, body);
    }

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>A text field of the body.</summary>
    public string Text(string field) => Json.GetProperty(field).GetString()!;

    /// <summary>Asserts the status; a failure shows the whole answer.</summary>
    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}, got {this}");
        return this;
    }

    /// <summary>Asserts a problem of this status and, if given, this type (without its prefix), with an error on each field.</summary>
    public Answer IsProblem(int status, string? type = null, params string[] fields)
    {
        Is(status).IsWellFormedProblem();
        if (type is not null)
        {
            Assert.Equal(type.Contains(':', StringComparison.Ordinal) ? type : $"urn:roster:problem:{type}", Text("type"));
        }

        foreach (var field in fields)
        {
            Assert.True(
                Json.TryGetProperty("errors", out var errors) && errors.TryGetProperty(field, out var said) && said.GetArrayLength() > 0,
                $"No error on \"{field}\" in {this}");
        }

        return this;
    }

    /// <summary>Asserts RFC 9457 with everything that Roster promises beside it.</summary>
    public Answer IsWellFormedProblem()
    {
        Assert.True(Header("Content-Type") == "application/problem+json", $"No problem: {this}");
        var problem = Json;
        Assert.NotEqual(string.Empty, problem.GetProperty("type").GetString());
        Assert.NotEqual(string.Empty, problem.GetProperty("title").GetString());
        Assert.Equal(Status, problem.GetProperty("status").GetInt32());
        Assert.True(problem.TryGetProperty("detail", out var detail) && detail.GetString() is { Length: > 0 }, $"No detail: {this}");
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("traceId").GetString());
        return this;
    }

    public override string ToString() =>
        $"{Status} {string.Join("; ", Headers.Select(header => $"{header.Key}: {header.Value}"))}\n{Encoding.UTF8.GetString(Body)}";
}
