using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Api.Metrics;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Api.Overload;

/// <summary>
/// Refuses writes before anything is read of them while no shard would take one: what is refused at the store has been parsed and
/// checked for nothing, and ten times too many of those would need the processors that the accepted ones need.
/// </summary>
internal sealed class SheddingMiddleware(RequestDelegate next, LoadSignal load)
{
    private static readonly Meter Meter = new(MetricsEndpoint.Meter);

    private static readonly Counter<long> Shed =
        Meter.CreateCounter<long>("roster.overload.shed", "{request}", "Writes refused unread, as no shard would have taken one in time");

    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata is not { } about
            || about.GetMetadata<Access>() is not { Needed: Scopes.UsersWrite or Scopes.PostsWrite }
            || about.GetMetadata<WaitsForTurn>() is not null
            || !load.IsTooMuch())
        {
            return next(http);
        }

        Shed.Add(1);
        return new Problem(503, ProblemTypes.Unavailable, StoreBusyException.TooManyWait).ExecuteAsync(http);
    }
}

/// <summary>Of an endpoint that has the time: it waits until the store takes more.</summary>
internal sealed record WaitsForTurn;
