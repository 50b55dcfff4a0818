using System.Buffers.Binary;
using Roster.Core.Storage.Caching;

namespace Roster.Redis.Caching;

/// <summary>A message between nodes: rows that have just changed. It makes others drop them sooner; nothing relies on its arrival.</summary>
internal static class Hints
{
    private const int IdLength = 16;
    private const int Length = IdLength + sizeof(long);

    public static ReadOnlyMemory<byte> Write(IReadOnlyList<(Guid Id, long Version)> rows)
    {
        var message = new byte[rows.Count * Length];
        for (var i = 0; i < rows.Count; i++)
        {
            var at = message.AsSpan(i * Length, Length);
            rows[i].Id.TryWriteBytes(at, bigEndian: true, out _);
            BinaryPrimitives.WriteInt64BigEndian(at[IdLength..], rows[i].Version);
        }

        return message;
    }

    /// <summary>What is no message of ours is passed over.</summary>
    public static void Read(ReadOnlySpan<byte> message, ShardCache cache)
    {
        for (; message.Length >= Length; message = message[Length..])
        {
            cache.Hint(new Guid(message[..IdLength], bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(message[IdLength..]));
        }
    }
}
