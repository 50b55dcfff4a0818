using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;
using Roster.Cli.Settings;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class TelemetrySettingsTests
{
    [Fact]
    public void Nobody_is_traced_unless_a_collector_is_named()
    {
        Assert.Null(Read(("Roster:Telemetry:SampleRatio", "1")).Telemetry);
        var ours = Read(("Roster:Telemetry:Collector", "http://collector:4317")).Telemetry!;
        Assert.Equal((new Uri("http://collector:4317"), OtlpExportProtocol.Grpc, 0.01), (ours.Collector, ours.Protocol, ours.SampleRatio));
        var theirs = Read(("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317"), ("OTEL_TRACES_SAMPLER", "always_on")).Telemetry!;
        Assert.Equal((null, null), (theirs.Collector, theirs.SampleRatio));
    }

    [Fact]
    public void Logs_are_JSON_unless_something_else_is_said()
    {
        Assert.Equal(LogFormat.Json, Read().LogFormat);
        Assert.Equal(LogFormat.Ecs, Read(("Roster:Logging:Format", "ecs")).LogFormat);
        Assert.Equal(LogFormat.Text, Read(("Roster:Logging:Format", "text")).LogFormat);
    }

    [Theory]
    [InlineData("Roster:Telemetry:Collector", "collector", "Roster:Telemetry:Collector is \"collector\": write an address such as http://127.0.0.1:4317.")]
    [InlineData("Roster:Telemetry:Protocol", "udp", "Roster:Telemetry:Protocol is \"udp\": write grpc or http.")]
    [InlineData("Roster:Telemetry:SampleRatio", "2", "Roster:Telemetry:SampleRatio is \"2\": write a share from 0 to 1 such as 0.01.")]
    [InlineData("Roster:Telemetry:SampleRatio", "NaN", "Roster:Telemetry:SampleRatio is \"NaN\": write a share from 0 to 1 such as 0.01.")]
    [InlineData("Roster:Logging:Format", "xml", "Roster:Logging:Format is \"xml\": write json, ecs or text.")]
    public void A_wrong_setting_says_what_to_write(string key, string value, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingsException>(() => Read((key, value))).Message);

    private static RosterSettings Read(params (string Key, string? Value)[] settings) => RosterSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(set => KeyValuePair.Create(set.Key, set.Value))).Build(), urls: null, data: null);
}
