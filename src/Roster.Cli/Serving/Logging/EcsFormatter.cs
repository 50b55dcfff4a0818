using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Roster.Cli.Serving.Logging;

/// <summary>
/// A line of the log as one JSON object with the field names of the Elastic Common Schema (ECS) 8.11: what Filebeat ships
/// as it is. Values of a message's places are under <c>labels</c>, as text.
/// </summary>
internal sealed class EcsFormatter(TimeProvider time, string version) : ConsoleFormatter(FormatterName)
{
    /// <summary>As the console's options name it.</summary>
    public const string FormatterName = "ecs";

    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string node = Environment.MachineName;
    private readonly int process = Environment.ProcessId;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp"u8, time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("log.level"u8, Level(logEntry.LogLevel));
            json.WriteString("message"u8, logEntry.Formatter(logEntry.State, logEntry.Exception));
            json.WriteString("ecs.version"u8, "8.11.0"u8);
            json.WriteString("log.logger"u8, logEntry.Category);
            WriteProcess(json);
            WriteTrace(json);
            WriteError(json, logEntry.Exception);
            WriteLabels(json, logEntry.State);
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void WriteProcess(Utf8JsonWriter json)
    {
        json.WriteString("service.name"u8, "roster"u8);
        json.WriteString("service.version"u8, version);
        json.WriteString("service.node.name"u8, node);
        json.WriteNumber("process.pid"u8, process);
    }

    private static void WriteTrace(Utf8JsonWriter json)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span)
        {
            json.WriteString("trace.id"u8, span.TraceId.ToHexString());
            json.WriteString("span.id"u8, span.SpanId.ToHexString());
        }
    }

    private static void WriteError(Utf8JsonWriter json, Exception? error)
    {
        if (error is not null)
        {
            json.WriteString("error.type"u8, error.GetType().FullName);
            json.WriteString("error.message"u8, error.Message);
            json.WriteString("error.stack_trace"u8, error.ToString());
        }
    }

    private static void WriteLabels<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values || values.All(value => value.Key == Template))
        {
            return;
        }

        json.WriteStartObject("labels"u8);
        foreach (var (name, value) in values.Where(value => value.Key != Template).DistinctBy(value => value.Key))
        {
            json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace"u8,
        LogLevel.Debug => "debug"u8,
        LogLevel.Warning => "warn"u8,
        LogLevel.Error => "error"u8,
        LogLevel.Critical => "fatal"u8,
        _ => "info"u8,
    };
}
