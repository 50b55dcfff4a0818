using System.Text;

namespace Roster.Tests.Monitoring;

/// <summary>A span as it came to a collector (opentelemetry-proto, <c>trace.proto</c>); ids in hexadecimal.</summary>
public sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyList<string> LinkedTraces)
{
    private const int Message = 2;

    /// <summary>An ExportTraceServiceRequest: resource_spans 1, scope_spans 2, spans 2.</summary>
    public static List<Span> ReadAll(byte[] request) =>
        [.. Fields(request, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)).Select(Of)];

    private static Span Of(byte[] span) => new(
        Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).First()), [.. Fields(span, 13).Select(link => Hex(link, 1))]);

    private static string Hex(byte[] message, int number) =>
        Convert.ToHexStringLower(Fields(message, number).FirstOrDefault([]));

    /// <summary>The contents of a message's fields of one number, those with a length (protobuf's wire format).</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case Message:
                    var length = (int)Varint(message, ref at);
                    var content = message[at..(at + length)];
                    at += length;
                    if ((int)(key >> 3) == number)
                    {
                        yield return content;
                    }

                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {key & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
