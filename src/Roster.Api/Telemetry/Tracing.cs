using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using Roster.Core.Telemetry;

namespace Roster.Api.Telemetry;

/// <summary>Traces: requests, batches, commits, what is published and consumed, sent to a collector by OTLP.</summary>
public static class Tracing
{
    private static readonly string[] Unseen = ["/livez", "/readyz", "/healthz", "/metrics"];

    /// <summary>Adds them; without options nothing listens, and a request pays nothing for it.</summary>
    public static void AddRosterTraces(this IServiceCollection services, TelemetryOptions? options)
    {
        if (options is null)
        {
            return;
        }

        services.AddOpenTelemetry()
            .WithTracing(traces =>
            {
                traces.AddSource(Spans.Source);
                traces.AddAspNetCoreInstrumentation(requests =>
                    requests.Filter = http => !Unseen.Contains(http.Request.Path.Value, StringComparer.OrdinalIgnoreCase));
                if (options.SampleRatio is { } ratio)
                {
                    // A caller that records its trace gets ours into it, whatever the ratio.
                    traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(ratio)));
                }

                traces.AddOtlpExporter(exporter => Address(exporter, options));
            });
    }

    private static void Address(OtlpExporterOptions exporter, TelemetryOptions options)
    {
        if (options.Collector is { } collector)
        {
            exporter.Protocol = options.Protocol;
            exporter.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(collector, "/v1/traces") : collector;
        }
    }
}
