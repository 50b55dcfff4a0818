using System.Text.Json;

namespace Roster.Cli.Import;

/// <summary>A server's answer to one line, or its last word.</summary>
/// <param name="Line">The line in the request; 0 for the last word.</param>
/// <param name="Result"><c>created</c>, <c>exists</c>, <c>invalid</c>.</param>
/// <param name="Id">The user.</param>
/// <param name="Errors">Why it is invalid, in one line.</param>
/// <param name="Done">Of the last word: whether all lines were answered.</param>
/// <param name="Failure">Of the last word: why not.</param>
internal sealed record LineAnswer(long Line, string? Result, string? Id, string? Errors, bool? Done, string? Failure)
{
    /// <summary>Reads a line of the answer.</summary>
    /// <exception cref="VerbException">It is nothing that an import answers.</exception>
    public static LineAnswer Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (root.TryGetProperty("done", out var done))
            {
                return new LineAnswer(0, null, null, null, done.GetBoolean(), Text(root, "error"));
            }

            var result = root.GetProperty("result").GetString();
            return result is "created" or "exists" or "invalid"
                ? new LineAnswer(root.GetProperty("line").GetInt64(), result, Text(root, "id"), ErrorsOf(root), null, null)
                : throw NotOurs();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw NotOurs();
        }
    }

    /// <summary>The server does not speak this protocol.</summary>
    public static VerbException NotOurs() => new("The server answered with something that is no import's answer: is --url a Roster?");

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? ErrorsOf(JsonElement root) =>
        root.TryGetProperty("errors", out var errors)
            ? string.Join("; ", errors.EnumerateObject().SelectMany(
                field => field.Value.EnumerateArray().Select(problem => $"{field.Name} {problem.GetString()}")))
            : null;
}
