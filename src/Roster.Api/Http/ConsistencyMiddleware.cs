using Microsoft.AspNetCore.Http;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>Reads <c>Consistency-Token</c> before the endpoint runs: a write must not commit and then fail on a header.</summary>
internal sealed class ConsistencyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var header = http.Request.Headers[RequestHeaders.ConsistencyToken];
        if (header.Count > 0 && http.GetEndpoint() is not null)
        {
            http.Features.Set(ConsistencyToken.TryParse(header.ToString(), out var token)
                ? token
                : throw new RefusedRequest(400, ProblemTypes.BadToken, "Consistency-Token must be one that an earlier answer returned."));
        }

        return next(http);
    }
}
