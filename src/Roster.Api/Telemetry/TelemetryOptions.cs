using OpenTelemetry.Exporter;

namespace Roster.Api.Telemetry;

/// <summary>Where traces go.</summary>
public sealed record TelemetryOptions
{
    /// <summary>The collector (OTLP); null when the variables of OpenTelemetry (<c>OTEL_EXPORTER_OTLP_*</c>) name it.</summary>
    public required Uri? Collector { get; init; }

    /// <summary>How the collector is spoken to.</summary>
    public required OtlpExportProtocol Protocol { get; init; }

    /// <summary>Share of the requests without a trace of their own that are traced, 0 to 1; null when <c>OTEL_TRACES_SAMPLER</c> says.</summary>
    public required double? SampleRatio { get; init; }
}
