using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Roster.Core.Storage;

namespace Roster.Core.Keys;

/// <summary>
/// A key as its owner holds it: <c>rk_</c>, 16 characters of public id, <c>_</c>, 43 characters of secret (256 random
/// bits, base64url). Only the secret's SHA-256 is stored: with that much randomness a slow hash adds nothing.
/// </summary>
public static class KeyToken
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "rk_";

    private const int IdLength = 16;
    private const int SecretLength = 43;
    private const string IdAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Makes a new key; the token is to be shown once and forgotten.</summary>
    public static (string Id, Hash256 SecretHash, string Token) Create()
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return (id, HashOf(secret), $"{Prefix}{id}_{secret}");
    }

    /// <summary>Takes a token apart; false when it is none of ours.</summary>
    public static bool TryRead(string token, [NotNullWhen(true)] out string? id, out Hash256 secretHash)
    {
        (id, secretHash) = (null, default);
        if (token.Length != Prefix.Length + IdLength + 1 + SecretLength
            || !token.StartsWith(Prefix, StringComparison.Ordinal) || token[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        id = token.Substring(Prefix.Length, IdLength);
        secretHash = HashOf(token.AsSpan(Prefix.Length + IdLength + 1));
        return true;
    }

    /// <summary>Compares two hashes in a time that does not depend on where they differ.</summary>
    public static bool Match(Hash256 left, Hash256 right)
    {
        Span<byte> a = stackalloc byte[Hash256.Length];
        Span<byte> b = stackalloc byte[Hash256.Length];
        left.CopyTo(a);
        right.CopyTo(b);
        return CryptographicOperations.FixedTimeEquals(a, b);
    }

    /// <summary>SHA-256 of a secret's UTF-8.</summary>
    public static Hash256 HashOf(ReadOnlySpan<char> secret)
    {
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(Math.Min(secret.Length, 1024))];
        return secret.Length > 1024
            ? Hash256.Of(Encoding.UTF8.GetBytes(secret.ToString()))
            : Hash256.Of(bytes[..Encoding.UTF8.GetBytes(secret, bytes)]);
    }
}
