using System.Security.Cryptography;

namespace Roster.Core.Storage;

/// <summary>A SHA-256 digest with value equality (FIPS 180-4).</summary>
public readonly struct Hash256 : IEquatable<Hash256>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private readonly UInt128 high;
    private readonly UInt128 low;

    /// <summary>A digest as read from a store: 32 bytes.</summary>
    public Hash256(ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, Length, nameof(digest));
        high = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
        low = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
    }

    /// <summary>The digest of some bytes.</summary>
    public static Hash256 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Length];
        SHA256.HashData(content, digest);
        return new Hash256(digest);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray()
    {
        var digest = new byte[Length];
        CopyTo(digest);
        return digest;
    }

    /// <inheritdoc/>
    public bool Equals(Hash256 other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => high.GetHashCode();

    /// <summary>Same digest.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Another digest.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
