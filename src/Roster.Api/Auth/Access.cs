using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Core.Keys;

namespace Roster.Api.Auth;

/// <summary>Who may use an endpoint. One without it stops the start: nothing is open by omission.</summary>
/// <param name="Needed">The scope; <see cref="Scopes.None"/> for what is open to all.</param>
/// <param name="Also">A second scope that some requests need.</param>
/// <param name="When">Which do.</param>
/// <param name="AllowsSelf">Whether scope <c>self</c> will do too, for the one user that its token names.</param>
/// <param name="AllowsTicket">Whether a ticket in the address will do instead of a credential.</param>
/// <param name="Outlives">Whether what is given out may outlive the credential, so that its end has to be known.</param>
internal sealed record Access(
    Scopes Needed, Scopes Also = Scopes.None, Func<HttpRequest, bool>? When = null, bool AllowsSelf = false, bool AllowsTicket = false, bool Outlives = false)
{
    /// <summary>Whether any credential gets in, as each field of what it asks for says what it needs.</summary>
    public bool ByField { get; init; }

    /// <summary>Whether it is open on the listener for metrics.</summary>
    public bool OpenToScrapes { get; init; }

    /// <summary>The first scope that a request needs and was not granted; null when there is none.</summary>
    public Scopes? MissingFrom(Scopes granted, HttpRequest request) =>
        !granted.Cover(Needed) ? Needed
        : When is not null && !granted.Cover(Also) && When(request) ? Also
        : null;
}

internal static class AccessExtensions
{
    /// <summary>Callers need this scope, or <c>admin</c>; and a second one when their request asks for more.</summary>
    public static TBuilder Needs<TBuilder>(
        this TBuilder endpoint, Scopes scope, Scopes also = Scopes.None, Func<HttpRequest, bool>? when = null)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(scope, also, when));

    /// <summary>
    /// Or <c>self</c>: then the caller is bound to its own user (<see cref="Core.Requests.Caller.Only"/>), and whoever
    /// answers must ask <see cref="Core.Requests.Caller.Reaches"/>. Comes after <see cref="Needs"/>.
    /// </summary>
    public static TBuilder OrSelf<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Amended(access => access with { AllowsSelf = true });

    /// <summary>What it gives out goes on for long, so the endpoint gets the whole <see cref="Identity"/>; and a ticket in the address will do where <paramref name="orTicket"/> says so.</summary>
    public static TBuilder Outlives<TBuilder>(this TBuilder endpoint, bool orTicket = false)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(built => built.Metadata.Add(
            built.Metadata.OfType<Access>().Last() with { Outlives = true, AllowsTicket = orTicket }));
        return endpoint;
    }

    /// <summary>Callers need a credential; what it must cover, each field says. The endpoint gets the whole <see cref="Identity"/>.</summary>
    public static TBuilder NeedsByField<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(Scopes.None, Outlives: true) { ByField = true });

    /// <summary>Or nothing, on the listener for metrics. Comes after <see cref="Needs"/>.</summary>
    public static TBuilder OrScrape<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Amended(access => access with { OpenToScrapes = true });

    /// <summary>Open to all: health and documents, nothing else.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(Scopes.None));

    /// <summary>Refuses to start when an endpoint does not say who may use it.</summary>
    public static void RequireAccessOnEveryEndpoint(this IEndpointRouteBuilder routes)
    {
        foreach (var endpoint in routes.DataSources.SelectMany(source => source.Endpoints))
        {
            if (endpoint.Metadata.GetMetadata<Access>() is null)
            {
                throw new InvalidOperationException($"Endpoint {endpoint.DisplayName} does not say who may use it.");
            }
        }
    }

    private static TBuilder Amended<TBuilder>(this TBuilder endpoint, Func<Access, Access> amend)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(built => built.Metadata.Add(amend(built.Metadata.OfType<Access>().Single())));
        return endpoint;
    }
}
