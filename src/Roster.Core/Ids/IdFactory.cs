using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Roster.Core.Ids;

/// <summary>Makes new ids for a bucket. Safe for concurrent use.</summary>
public sealed class IdFactory(TimeProvider time)
{
    /// <summary>A new id: now, in milliseconds, the bucket, and 62 bits from the system's random source.</summary>
    public Guid Next(BucketId bucket)
    {
        Span<byte> random = stackalloc byte[8];
        RandomNumberGenerator.Fill(random);
        return IdLayout.Compose(
            time.GetUtcNow().ToUnixTimeMilliseconds(), bucket, BinaryPrimitives.ReadUInt64BigEndian(random));
    }
}
