using System.Buffers.Binary;
using System.Text;

namespace Roster.Tests.Api.Hostile.Http2;

/// <summary>A frame of HTTP/2 (RFC 9113, 4.1), with whatever somebody wants to be in it.</summary>
internal sealed record Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Push = 5, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    public const int HeadBytes = 9;

    /// <summary>The error code of RST_STREAM, or of GOAWAY behind its stream.</summary>
    public int ErrorCode => BinaryPrimitives.ReadInt32BigEndian(Payload.AsSpan(Type == GoAway ? 4 : 0));

    public byte[] ToBytes()
    {
        var bytes = new byte[HeadBytes + Payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, Payload.Length << 8);
        bytes[3] = Type;
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), Stream);
        Payload.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    /// <summary>One setting.</summary>
    public static Http2Frame Setting(short name, int value)
    {
        var payload = new byte[6];
        BinaryPrimitives.WriteInt16BigEndian(payload, name);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(2), value);
        return new Http2Frame(Settings, 0, 0, payload);
    }

    /// <summary>A frame whose payload is one number: RST_STREAM, WINDOW_UPDATE.</summary>
    public static Http2Frame Number(byte type, int stream, int number)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return new Http2Frame(type, 0, stream, payload);
    }

    /// <summary>Fields as HPACK literals that enter no table (RFC 7541, 6.2.2).</summary>
    public static byte[] Block(params (string Name, string Value)[] fields) =>
        [.. fields.SelectMany(field => (byte[])[0, .. Literal(field.Name), .. Literal(field.Value)])];

    /// <summary>A string behind its length, an integer with a prefix of seven bits (RFC 7541, 5.1 and 5.2).</summary>
    public static byte[] Literal(string text)
    {
        var bytes = new List<byte>();
        if (text.Length < 127)
        {
            bytes.Add((byte)text.Length);
        }
        else
        {
            bytes.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                bytes.Add((byte)((rest & 127) | 128));
            }

            bytes.Add((byte)rest);
        }

        return [.. bytes, .. Encoding.Latin1.GetBytes(text)];
    }
}
