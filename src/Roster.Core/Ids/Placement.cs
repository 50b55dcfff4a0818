using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Roster.Core.Ids;

/// <summary>
/// Where an e-mail lives: HMAC-SHA-256(secret, tenant NUL e-mail key), first eight bytes, modulo 4,096.
/// Keyed, so that nobody can aim many sign-ups at one bucket. Frozen: golden vectors are checked in.
/// </summary>
public sealed class Placement(ReadOnlyMemory<byte> secret)
{
    /// <summary>Length of the secret in bytes.</summary>
    public const int SecretLength = 32;

    /// <summary>The bucket of an e-mail: of its claim, and of the user who signs up with it.</summary>
    /// <param name="tenant">Whose users.</param>
    /// <param name="emailKey">The normalised e-mail (<see cref="Text.EmailAddress"/>).</param>
    public BucketId BucketOf(TenantId tenant, string emailKey)
    {
        var length = Encoding.UTF8.GetMaxByteCount(tenant.Value.Length + 1 + emailKey.Length);
        Span<byte> text = length <= 1024 ? stackalloc byte[length] : new byte[length];
        var written = Encoding.UTF8.GetBytes(tenant.Value, text);
        text[written++] = 0;
        written += Encoding.UTF8.GetBytes(emailKey, text[written..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Span, text[..written], hash);
        return new BucketId((int)(BinaryPrimitives.ReadUInt64BigEndian(hash) % BucketId.Count));
    }
}
