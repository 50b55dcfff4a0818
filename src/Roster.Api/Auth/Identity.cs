using Microsoft.AspNetCore.Http;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.Auth;

/// <summary>Who a credential belongs to, and what it may.</summary>
internal sealed record Identity(Caller Caller, Scopes Granted)
{
    /// <summary>The same caller bound to its own user, when it has scope <c>self</c>; else null.</summary>
    public Caller? Own { get; init; }

    /// <summary>The stored key that it came with, which can be revoked; null for other credentials.</summary>
    public string? KeyId { get; init; }

    /// <summary>When its credential ends, if ever.</summary>
    public DateTimeOffset? Until { get; init; }

    public static Identity Of(ApiKey key)
    {
        var granted = ScopeNames.ParseAll(key.Scopes);
        return new Identity(new Caller(key.Tenant, $"key:{key.Id}", granted.HasFlag(Scopes.Admin)), granted) { KeyId = key.Id, Until = key.ExpiresAt };
    }

    /// <summary>As whom it may make a request: freely, bound to its own user, or not at all (null).</summary>
    /// <param name="access">What the endpoint needs.</param>
    /// <param name="request">What is asked of it.</param>
    /// <param name="missing">The scope that it lacks.</param>
    public Caller? For(Access access, HttpRequest request, out Scopes missing)
    {
        var lacks = access.MissingFrom(Granted, request);
        missing = lacks ?? Scopes.None;
        return lacks is null ? Caller : access.AllowsSelf ? Own : null;
    }
}

/// <summary>What came of a request's credential: an identity, why it is none, or neither while that cannot be known.</summary>
internal readonly record struct Authenticated(Identity? Identity, string? Problem)
{
    /// <summary>There was no credential at all.</summary>
    public const string Missing = "none was sent";

    /// <summary>A JWT, and no key to check it with.</summary>
    public static Authenticated Undecided => default;

    public static Authenticated As(Identity identity) => new(identity, null);

    /// <summary>Not valid.</summary>
    /// <param name="problem">Why, for the log and the client: never a part of what was sent.</param>
    public static Authenticated Refused(string problem) => new(null, problem);
}
