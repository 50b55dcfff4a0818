using Microsoft.AspNetCore.Http;

namespace Roster.Api.Http;

/// <summary>
/// HEAD is GET without the body (RFC 9110, 9.3.2). Routed as GET; the server knows what was really asked and sends no
/// body. Load balancers look at health in this way.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            http.Features.Set(HeadRequest.Instance);
        }

        return next(http);
    }
}

/// <summary>Marks a request that wants no body: an answer without an end must not begin it.</summary>
internal sealed class HeadRequest
{
    public static HeadRequest Instance { get; } = new();
}
