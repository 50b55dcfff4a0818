using Microsoft.AspNetCore.Http;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>
/// Reads <c>Consistency-Token</c> before the endpoint runs: a write must not commit and then fail on a header. Several,
/// separated by commas, are one that covers all: a client has them from writes that ran side by side.
/// </summary>
internal sealed class ConsistencyMiddleware(RequestDelegate next, IStore store)
{
    /// <summary>On every answer while a shard has no primary: what was read from its replicas may be older than the setting allows.</summary>
    private const string Bound = "Consistency-Bound";

    public Task InvokeAsync(HttpContext http)
    {
        var header = http.Request.Headers[RequestHeaders.ConsistencyToken];
        if (header.Count > 0 && http.GetEndpoint() is not null)
        {
            http.Features.Set(header.ToString().Split(',').Aggregate(ConsistencyToken.None, Add));
        }

        if (store.MayBeStale)
        {
            http.Response.Headers[Bound] = "suspended";
        }

        return next(http);
    }

    private static ConsistencyToken Add(ConsistencyToken known, string text) =>
        ConsistencyToken.TryParse(text.AsSpan().Trim(), out var token) && known.Merged(token) is { Positions.Count: <= ConsistencyToken.MaxPositions } both
            ? both
            : throw new RefusedRequest(400, ProblemTypes.BadToken, "Consistency-Token must be one that an earlier answer returned.");
}
