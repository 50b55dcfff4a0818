using System.Buffers;

namespace Roster.Api.Http;

/// <summary>A JSON array of ready bodies.</summary>
internal static class JsonArrays
{
    public static ReadOnlyMemory<byte> Of(IEnumerable<ReadOnlyMemory<byte>> items)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        WriteArray(buffer, items);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes an array into what is being put together.</summary>
    public static void WriteArray(this IBufferWriter<byte> buffer, IEnumerable<ReadOnlyMemory<byte>> items)
    {
        var separator = (byte)'[';
        foreach (var item in items)
        {
            buffer.Write([separator]);
            buffer.Write(item.Span);
            separator = (byte)',';
        }

        buffer.Write(separator == ',' ? "]"u8 : "[]"u8);
    }
}
