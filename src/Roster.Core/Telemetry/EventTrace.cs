using System.Diagnostics;
using System.Text.Json;

namespace Roster.Core.Telemetry;

/// <summary>The trace that a CloudEvent carries: its attribute <c>traceparent</c> (CloudEvents' extension Distributed Tracing).</summary>
internal static class EventTrace
{
    /// <summary>Where the event comes from; none when it does not say, or says nothing valid.</summary>
    public static ActivityContext Of(ReadOnlyMemory<byte> json)
    {
        if (!Spans.IsOn)
        {
            return default;
        }

        var reader = new Utf8JsonReader(json.Span);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                var isTrace = reader.ValueTextEquals("traceparent"u8);
                reader.Read();
                if (isTrace)
                {
                    return reader.TokenType == JsonTokenType.String && ActivityContext.TryParse(reader.GetString(), traceState: null, isRemote: true, out var context) ? context : default;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Whoever handles it says so.
        }

        return default;
    }
}
