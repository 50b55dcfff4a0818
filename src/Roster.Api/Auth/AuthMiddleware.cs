using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Api.Http;
using Roster.Api.Metrics;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.Auth;

/// <summary>
/// Finds out who calls and whether they may: one look-up and one hash in memory, no claims objects, because this
/// runs before every request (docs/adr/0006-own-authentication-middleware.md).
/// </summary>
internal sealed partial class AuthMiddleware(
    RequestDelegate next, KeyRing keys, AuthOptions options, ILogger<AuthMiddleware> logger)
{
    private readonly Identity? anonymous = options.AnonymousScopes == Scopes.None
        ? null
        : new Identity(new Caller(TenantId.Default, "anonymous", options.AnonymousScopes.HasFlag(Scopes.Admin)), options.AnonymousScopes);

    private readonly Identity bootstrap =
        new(new Caller(TenantId.Default, "key:bootstrap", SeesDeleted: true), Scopes.Admin);

    public Task InvokeAsync(HttpContext http)
    {
        var access = http.GetEndpoint()?.Metadata.GetMetadata<Access>();
        if (access is null or { Needed: Scopes.None } || http.Features.Get<OpenScrape>() is not null)
        {
            return next(http);
        }

        if (Identify(http.Request) is not { } identity)
        {
            LogUnauthenticated(http.Request.Method, http.Request.Path, http.Connection.RemoteIpAddress);
            http.Response.Headers.WWWAuthenticate = "Bearer realm=\"roster\"";
            return new Problem(401, ProblemTypes.Unauthenticated, "Send a valid API key: Authorization: Bearer rk_….").ExecuteAsync(http);
        }

        if (access.MissingFrom(identity.Granted, http.Request) is { } missing)
        {
            LogMissingScope(http.Request.Method, http.Request.Path, identity.Caller.Actor, missing);
            var scope = ScopeNames.NameOf(missing);
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"roster\", error=\"insufficient_scope\", scope=\"{scope}\"";
            return new Problem(403, ProblemTypes.MissingScope, $"This needs the scope {scope}.").ExecuteAsync(http);
        }

        http.Features.Set(identity.Caller);
        return next(http);
    }

    private Identity? Identify(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 0)
        {
            return anonymous;
        }

        const string scheme = "Bearer ";
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var token = value[scheme.Length..].Trim();
        if (options.AdminKeyHash is { } adminKey && KeyToken.Match(adminKey, KeyToken.HashOf(token)))
        {
            return bootstrap;
        }

        return keys.Find(token) is { } key ? Identity.Of(key) : null;
    }

    private sealed record Identity(Caller Caller, Scopes Granted)
    {
        public static Identity Of(ApiKey key)
        {
            var granted = ScopeNames.ParseAll(key.Scopes);
            return new Identity(new Caller(key.Tenant, $"key:{key.Id}", granted.HasFlag(Scopes.Admin)), granted);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} from {Remote}: no valid key")]
    private partial void LogUnauthenticated(string method, PathString path, System.Net.IPAddress? remote);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: {Actor} lacks {Scope}")]
    private partial void LogMissingScope(string method, PathString path, string actor, Scopes scope);
}

internal static class CallerExtensions
{
    /// <summary>Who calls; set on every endpoint that is not open.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>()
        ?? throw new InvalidOperationException("An open endpoint asked who calls.");
}
