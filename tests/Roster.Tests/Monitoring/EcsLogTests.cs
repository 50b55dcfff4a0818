using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Roster.Cli.Serving.Logging;
using Xunit;

namespace Roster.Tests.Monitoring;

public sealed class EcsLogTests
{
    private static readonly string[] Fields = ["@timestamp", "log.level", "message", "ecs.version", "log.logger", "service.name", "service.version"];

    private static readonly EcsFormatter Formatter = new(new FakeTimeProvider(new DateTimeOffset(2026, 11, 26, 15, 0, 0, TimeSpan.Zero)), "1.2.3");

    [Fact]
    public void A_line_has_the_schemas_field_names()
    {
        using var span = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        using var line = Written(LogLevel.Warning, "GET /users was not possible", new InvalidOperationException("It is away."), [new("Method", "GET"), new("{OriginalFormat}", "{Method}")]);
        var root = line.RootElement;
        string? Text(string field) => root.GetProperty(field).GetString();
        Assert.Equal(
            ["2026-11-26T15:00:00.000000Z", "warn", "GET /users was not possible", "8.11.0", "Roster.Test", "roster", "1.2.3"],
            Fields.Select(Text));
        Assert.Equal((span.TraceId.ToHexString(), span.SpanId.ToHexString()), (Text("trace.id"), Text("span.id")));
        Assert.Equal(("System.InvalidOperationException", "It is away."), (Text("error.type"), Text("error.message")));
        Assert.Contains("It is away.", Text("error.stack_trace"), StringComparison.Ordinal);
        Assert.Equal("""{"Method":"GET"}""", root.GetProperty("labels").GetRawText());
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trace")]
    [InlineData(LogLevel.Debug, "debug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Error, "error")]
    [InlineData(LogLevel.Critical, "fatal")]
    public void Levels_are_the_schemas(LogLevel level, string word)
    {
        using var line = Written(level, "x", null, []);
        Assert.Equal(word, line.RootElement.GetProperty("log.level").GetString());
        Assert.False(line.RootElement.TryGetProperty("error.type", out _) || line.RootElement.TryGetProperty("labels", out _));
    }

    [Fact]
    public void Whatever_is_logged_is_one_line_of_JSON() => Gen.String.Select(Gen.String, Gen.String).Sample((message, name, value) =>
    {
        using var line = Written(LogLevel.Information, message, new InvalidDataException(value), [new(name, value), new(name, message)]);
        Assert.Equal(JsonValueKind.Object, line.RootElement.ValueKind);
    });

    private static JsonDocument Written(LogLevel level, string message, Exception? error, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        using var output = new StringWriter();
        Formatter.Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "Roster.Test", default, values, error, (_, _) => message), scopeProvider: null, output);
        var text = output.ToString();
        Assert.EndsWith(Environment.NewLine, text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', text[..^Environment.NewLine.Length]);
        return JsonDocument.Parse(text);
    }
}
