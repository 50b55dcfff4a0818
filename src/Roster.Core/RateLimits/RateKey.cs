using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Roster.Core.RateLimits;

/// <summary>Who is counted: a caller by its name, or nobody in particular by an address.</summary>
/// <param name="Actor">As events name it, <c>key:…</c> or <c>jwt:…</c>; null for an address.</param>
/// <param name="Network">An IPv4 address, or the first 64 bits of an IPv6 one, which are one household's.</param>
public readonly record struct RateKey(string? Actor, ulong Network)
{
    /// <summary>A caller that has a name.</summary>
    public static RateKey Of(string actor) => new(actor, 0);

    /// <summary>An address; none at all is an address too.</summary>
    public static RateKey Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _))
        {
            return default;
        }

        // Below 2^32 are IPv4 addresses: no network in use has a prefix that begins with 32 zeros.
        return address.AddressFamily == AddressFamily.InterNetwork ? new(null, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : address.IsIPv4MappedToIPv6 ? new(null, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new(null, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <inheritdoc/>
    public override string ToString() => Actor ?? $"net:{Network:x}";
}
