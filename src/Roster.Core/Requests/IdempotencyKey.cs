using System.Text;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Requests;

/// <summary>A request's <c>Idempotency-Key</c> (IETF draft-ietf-httpapi-idempotency-key-header-07), hashed.</summary>
/// <param name="KeyHash">SHA-256 of the key.</param>
/// <param name="RequestHash">SHA-256 of method, path and canonical body: what the key was used for.</param>
public sealed record IdempotencyKey(Hash256 KeyHash, Hash256 RequestHash)
{
    /// <summary>Longest key, in characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Hashes a key and the request it came with.</summary>
    /// <param name="key">As sent.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, without a trailing slash.</param>
    /// <param name="canonicalBody">The body as canonical JSON; empty when there is none.</param>
    public static IdempotencyKey Of(string key, string method, string path, ReadOnlySpan<byte> canonicalBody)
    {
        var head = Encoding.UTF8.GetBytes($"{method}\n{path}\n");
        return new IdempotencyKey(
            Hash256.Of(Encoding.UTF8.GetBytes(key)), Hash256.Of([.. head, .. canonicalBody]));
    }

    /// <summary>The record that lets a retry find this outcome.</summary>
    /// <param name="caller">Who asked.</param>
    /// <param name="user">The user that was made or changed, or whose post was.</param>
    /// <param name="version">Of the user or post, after it.</param>
    /// <param name="status">The HTTP status of the answer.</param>
    /// <param name="at">When.</param>
    /// <param name="post">The post that was made or changed, if one was.</param>
    public IdempotencyRecord RecordOf(
        Caller caller, UserId user, long version, int status, DateTimeOffset at, PostId? post = null) => new()
        {
            Principal = caller.Actor,
            KeyHash = KeyHash,
            RequestHash = RequestHash,
            User = user,
            Post = post,
            Version = version,
            Status = status,
            At = at,
        };
}
