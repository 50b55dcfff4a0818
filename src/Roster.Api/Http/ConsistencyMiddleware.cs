using Microsoft.AspNetCore.Http;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>
/// Reads <c>Consistency-Token</c> before the endpoint runs: a write must not commit and then fail on a header. Several,
/// separated by commas, are one that covers all: a client has them from writes that ran side by side.
/// </summary>
internal sealed class ConsistencyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        var header = http.Request.Headers[RequestHeaders.ConsistencyToken];
        if (header.Count > 0 && http.GetEndpoint() is not null)
        {
            http.Features.Set(header.ToString().Split(',').Aggregate(ConsistencyToken.None, Add));
        }

        return next(http);
    }

    private static ConsistencyToken Add(ConsistencyToken known, string text) =>
        ConsistencyToken.TryParse(text.AsSpan().Trim(), out var token) && known.Covering(token) is { Positions.Count: <= ConsistencyToken.MaxPositions } both
            ? both
            : throw new RefusedRequest(400, ProblemTypes.BadToken, "Consistency-Token must be one that an earlier answer returned.");
}
