using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Roster.Api.Auth;
using Roster.Core.Storage;

namespace Roster.Api.Health;

/// <summary>
/// Liveness says that the process answers; readiness is 503 only when another node would do better: starting,
/// draining, or no shard reachable.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", () => TypedResults.Json(new HealthView("ok", []), HealthJson.Default.HealthView)).IsOpen();
        routes.MapGet("/readyz", Ready).IsOpen();
        routes.MapGet("/healthz", Ready).IsOpen();
    }

    private static async Task<IResult> Ready(HttpContext http, IStore store, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Answer(503, "draining", ["This node is shutting down."]);
        }

        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
        try
        {
            var troubles = await store.CheckAsync(either.Token);
            string[] sentences = [
                .. troubles.Select(trouble => $"Shard {trouble.Shard.Value}: {trouble.Problem}"),
                .. http.RequestServices.GetServices<HealthNote>().Select(note => note.Trouble()).OfType<string>()];
            return sentences.Length == 0 ? Answer(200, "ok", [])
                : troubles.Where(trouble => !trouble.IsPartial).DistinctBy(trouble => trouble.Shard).Count() < store.Shards.Count ? Answer(200, "degraded", sentences)
                : Answer(503, "unavailable", sentences);
        }
        catch (Exception e) when (e is OperationCanceledException or StoreUnavailableException)
        {
            return Answer(503, "unavailable", ["No shard answered in time."]);
        }
    }

    private static IResult Answer(int status, string word, string[] problems) =>
        TypedResults.Json(new HealthView(word, problems), HealthJson.Default.HealthView, statusCode: status);
}

/// <summary>What health endpoints say: a word, and sentences about what is wrong.</summary>
internal sealed record HealthView(string Status, IReadOnlyList<string> Problems);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthView))]
internal sealed partial class HealthJson : JsonSerializerContext;
