using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Roster.Api.Auth;
using Roster.Core.Keys;

namespace Roster.Api.Metrics;

/// <summary><c>GET /metrics</c>: Prometheus text of our meters, the framework's and the runtime's.</summary>
internal static class MetricsEndpoint
{
    /// <summary>The meter of everything that Roster itself counts.</summary>
    public const string Meter = "Roster";

    private static readonly string Version =
        typeof(MetricsEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void AddRosterMetrics(this IServiceCollection services) =>
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("roster", serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddMeter(Meter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql")
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint("/metrics").WithMetadata(new HttpMethodMetadata(["GET"])).Needs(Scopes.Admin).OrScrape();
}
