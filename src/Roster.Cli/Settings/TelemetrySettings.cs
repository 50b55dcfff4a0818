using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Roster.Api.Telemetry;

namespace Roster.Cli.Settings;

/// <summary>Where traces go, and how logs look.</summary>
internal static class TelemetrySettings
{
    private const double StandardRatio = 0.01;

    /// <summary>Null when nobody wants traces: neither <c>Roster:Telemetry:Collector</c> nor a variable of OpenTelemetry names a collector.</summary>
    /// <param name="reader">Our settings.</param>
    /// <param name="configuration">All of them: OpenTelemetry's variables are no settings of ours.</param>
    public static TelemetryOptions? Read(SettingsReader reader, IConfiguration configuration)
    {
        var collector = reader.Text("Telemetry:Collector");
        var protocol = Protocol(reader);
        var ratio = reader.Ratio("Telemetry:SampleRatio");
        var isNamed = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] is { Length: > 0 };
        return collector is null && !isNamed ? null : new TelemetryOptions
        {
            Collector = collector is null ? null : Address(collector),
            Protocol = protocol,
            SampleRatio = ratio ?? (configuration["OTEL_TRACES_SAMPLER"] is { Length: > 0 } ? null : StandardRatio),
        };
    }

    /// <summary>How a line of the log looks.</summary>
    public static LogFormat Format(SettingsReader reader) => reader.Text("Logging:Format") switch
    {
        null or "json" => LogFormat.Json,
        "ecs" => LogFormat.Ecs,
        "text" => LogFormat.Text,
        var other => throw SettingsReader.Wrong("Logging:Format", other, "json, ecs or text"),
    };

    private static OtlpExportProtocol Protocol(SettingsReader reader) => reader.Text("Telemetry:Protocol") switch
    {
        null or "grpc" => OtlpExportProtocol.Grpc,
        "http" => OtlpExportProtocol.HttpProtobuf,
        var other => throw SettingsReader.Wrong("Telemetry:Protocol", other, "grpc or http"),
    };

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https")
            ? address
            : throw SettingsReader.Wrong("Telemetry:Collector", text, "an address such as http://127.0.0.1:4317");
}
