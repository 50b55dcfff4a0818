using Microsoft.AspNetCore.Http;
using Roster.Api.Auth.Jwt;
using Roster.Api.Http;
using Roster.Api.Realtime.Tickets;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;

namespace Roster.Api.Auth;

/// <summary>
/// From the header <c>Authorization</c> to who sent it: a stored key, the administrator's, a JWT, or nobody. Where an endpoint
/// takes tickets, one in the address counts when there is no header.
/// </summary>
internal sealed class Authenticator(KeyRing keys, AuthOptions options, EventTickets tickets, TimeProvider time, JwtReader? tokens = null)
{
    private const string Scheme = "Bearer ";
    private const string NotOne = "Authorization is not Bearer with one credential";

    private readonly Authenticated anonymous = options.AnonymousScopes == Scopes.None
        ? Authenticated.Refused(Authenticated.Missing)
        : Authenticated.As(new Identity(
            new Caller(TenantId.Default, Caller.Anonymous, options.AnonymousScopes.HasFlag(Scopes.Admin)), options.AnonymousScopes));

    private readonly Identity bootstrap =
        new(new Caller(TenantId.Default, "key:bootstrap", SeesDeleted: true), Scopes.Admin);

    private KnownHeaders known = new(null);

    /// <summary>Answers at once for keys; a JWT may wait for its issuer's signing keys.</summary>
    public ValueTask<Authenticated> IdentifyAsync(HttpRequest request, Access access)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 0)
        {
            return new(access.AllowsTicket && request.Query.Text(EventTickets.Parameter) is { } ticket ? tickets.Identify(ticket) : anonymous);
        }

        if (header.Count != 1 || header[0] is not { } value)
        {
            return new(Authenticated.Refused(NotOne));
        }

        var edition = keys.Edition;
        var here = known;
        if (edition is not null && here.Edition == edition && here.Find(value) is { } before && (before.Until is null || before.Until > time.GetUtcNow()))
        {
            return new(Authenticated.As(before));
        }

        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(Authenticated.Refused(NotOne));
        }

        var token = value[Scheme.Length..].Trim();
        if (options.AdminKeyHash is { } adminKey && KeyToken.Match(adminKey, KeyToken.HashOf(token)))
        {
            return new(Authenticated.As(Remember(edition, value, bootstrap)));
        }

        if (keys.Find(token) is { } key)
        {
            return new(Authenticated.As(Remember(edition, value, Identity.Of(key))));
        }

        return tokens is not null && JwtReader.LooksLikeOne(token)
            ? tokens.ReadAsync(token, request.HttpContext.RequestAborted)
            : new(Authenticated.Refused("it is no known key"));
    }
    /// <summary>Only what was found valid is remembered, and only until the keys are read again: seconds.</summary>
    private Identity Remember(object? edition, string header, Identity identity)
    {
        if (edition is not null)
        {
            var here = known;
            if (here.Edition != edition)
            {
                known = here = new KnownHeaders(edition);
            }

            here.Add(header, identity);
        }

        return identity;
    }
}
