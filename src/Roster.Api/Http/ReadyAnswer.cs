using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Roster.Api.Http;

/// <summary>Endpoints that are called as they are: the framework's own binding makes a scope of services for each request.</summary>
internal static class ReadyAnswer
{
    /// <summary>An endpoint over a use case that lives as long as the server.</summary>
    public static RequestDelegate From<TUseCase>(IEndpointRouteBuilder routes, Func<TUseCase, RequestDelegate> endpoint)
        where TUseCase : notnull => endpoint(routes.ServiceProvider.GetRequiredService<TUseCase>());
}
