using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>
/// What a request with an <c>Idempotency-Key</c> led to. Only successes are recorded, in their own transaction; the
/// response is rebuilt from it, not stored. It lives in the bucket of the change's user, and its key is known in that
/// bucket's whole shard: a sign-up with another e-mail, and so another bucket, does not get by with a used key.
/// </summary>
public sealed record IdempotencyRecord
{
    /// <summary>Who sent the request, as events name the actor: keys of different principals never meet.</summary>
    public required string Principal { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required Hash256 KeyHash { get; init; }

    /// <summary>SHA-256 of method, path and canonical body.</summary>
    public required Hash256 RequestHash { get; init; }

    /// <summary>The user that was made or changed.</summary>
    public required UserId User { get; init; }

    /// <summary>The post that was made or changed, if one was.</summary>
    public PostId? Post { get; init; }

    /// <summary>The resource's version after it.</summary>
    public required long Version { get; init; }

    /// <summary>The HTTP status of the first answer.</summary>
    public required int Status { get; init; }

    /// <summary>When it was recorded; kept at least as long as the setting says.</summary>
    public required DateTimeOffset At { get; init; }
}
