using Microsoft.AspNetCore.Http;
using Roster.Api.Auth.Failures;
using Roster.Api.Metrics;
using Roster.Core.Keys;
using Roster.Core.Requests;

namespace Roster.Api.Auth;

/// <summary>
/// Finds out who calls and whether they may: for a key one look-up and one hash in memory, no claims objects, because
/// this runs before every request (docs/adr/0006-own-authentication-middleware.md).
/// </summary>
internal sealed class AuthMiddleware(RequestDelegate next, Authenticator authenticator, AuthFailures failures)
{
    public Task InvokeAsync(HttpContext http)
    {
        var access = http.GetEndpoint()?.Metadata.GetMetadata<Access>();
        if (access is null or { Needed: Scopes.None, ByField: false } || (access.OpenToScrapes && http.Features.Get<OpenScrape>() is not null))
        {
            return next(http);
        }

        var identifying = authenticator.IdentifyAsync(http.Request, access);
        return identifying.IsCompletedSuccessfully ? AnswerAsync(http, access, identifying.Result) : WaitAsync(http, access, identifying);
    }

    private async Task WaitAsync(HttpContext http, Access access, ValueTask<Authenticated> identifying) =>
        await AnswerAsync(http, access, await identifying);

    private Task AnswerAsync(HttpContext http, Access access, Authenticated who)
    {
        if (who.Identity is not { } identity)
        {
            return who.Problem is { } problem ? failures.RefuseAsync(http, problem) : AuthFailures.PutOffAsync(http);
        }

        if (identity.For(access, http.Request, out var missing) is not { } caller)
        {
            return failures.ForbidAsync(http, identity.Caller.Actor, ScopeNames.NameOf(missing));
        }

        http.Features.Set(caller);
        if (access.Outlives)
        {
            http.Features.Set(identity with { Caller = caller });
        }

        return next(http);
    }
}

internal static class CallerExtensions
{
    /// <summary>Who calls; set on every endpoint that is not open.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>()
        ?? throw new InvalidOperationException("An open endpoint asked who calls.");

    /// <summary>Who calls, and until when its credential is good; on endpoints that said that they need it.</summary>
    public static Identity Identity(this HttpContext http) => http.Features.Get<Identity>()
        ?? throw new InvalidOperationException("An endpoint that did not say so asked for a credential.");
}
