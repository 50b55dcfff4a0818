using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Roster.Core.Keys;

namespace Roster.Api.Auth;

/// <summary>Who may use an endpoint. One without it stops the start: nothing is open by omission.</summary>
/// <param name="Needed">The scope; <see cref="Scopes.None"/> for what is open to all.</param>
internal sealed record Access(Scopes Needed);

internal static class AccessExtensions
{
    /// <summary>Callers need this scope, or <c>admin</c>.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Scopes scope)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Access(scope));

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
}
