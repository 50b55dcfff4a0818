using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Roster.Api.Events;
using Roster.Core.Events;
using Roster.Core.Events.Feed;

namespace Roster.Api.Realtime;

/// <summary>
/// Server-Sent Events as bytes (WHATWG HTML, 9.2). A block of an id without data dispatches no event, but sets what a client
/// sends as <c>Last-Event-ID</c>. JSON has no raw line breaks, so data is one line.
/// </summary>
internal static class EventFrames
{
    /// <summary>An event without its id, made once for all streams.</summary>
    public static ReadOnlyMemory<byte> Encode(RecordedEvent recorded)
    {
        var json = CloudEventJson.Encode(recorded);
        var buffer = new ArrayBufferWriter<byte>(json.Length + 64);
        buffer.Write("event: "u8);
        buffer.Write(Encoding.ASCII.GetBytes(recorded.What.Type));
        buffer.Write("\ndata: "u8);
        buffer.Write(json.Span);
        buffer.Write("\n\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>How long a client waits before it connects again: each otherwise, so that they do not come all at once.</summary>
    public static void WriteRetry(PipeWriter output) =>
        output.Write(Encoding.ASCII.GetBytes($"retry: {Random.Shared.Next(1_000, 3_000)}\n"));

    /// <summary>An event, or a heartbeat that tells where the stream is.</summary>
    public static void Write(PipeWriter output, Delivery delivery)
    {
        output.Write(delivery.Event.IsEmpty ? ":\nid: "u8 : "id: "u8);
        output.Write(delivery.Id.Span);
        output.Write("\n"u8);
        output.Write(delivery.Event.IsEmpty ? "\n"u8 : delivery.Event.Span);
    }
}
