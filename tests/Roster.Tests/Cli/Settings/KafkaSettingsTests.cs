using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Roster.Kafka;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class KafkaSettingsTests
{
    [Fact]
    public void Without_a_broker_there_is_no_Kafka() => Assert.Null(Read());

    [Fact]
    public void A_broker_is_enough()
    {
        var options = Read(("BootstrapServers", "kafka1:9092,[::1]:9092"))!;
        Assert.Equal(("kafka1:9092,[::1]:9092", "user-events"), (options.BootstrapServers, options.Topic));
        Assert.Empty(options.Client);
    }

    [Theory]
    [InlineData("sasl.password")]
    [InlineData("sasl_password")]
    [InlineData("SASL_PASSWORD")]
    public void Settings_of_the_client_are_handed_on_by_their_names(string name)
    {
        var options = Read(("BootstrapServers", "kafka:9092"), ("Topic", "staff.events"), ($"Client:{name}", "Secret_1"))!;
        Assert.Equal("staff.events", options.Topic);
        Assert.Equal(("sasl.password", "Secret_1"), options.Client.Select(pair => (pair.Key, pair.Value)).Single());
    }

    [Theory]
    [InlineData("BootstrapServers", "kafka", "Roster:Kafka:BootstrapServers is \"kafka\": write host:port, more of them separated by commas.")]
    [InlineData("BootstrapServers", "kafka:0", "host:port")]
    [InlineData("BootstrapServers", "kafka:9092,", "host:port")]
    [InlineData("Topic", "user events", "Roster:Kafka:Topic is \"user events\"")]
    [InlineData("Client:acks", "0", "Roster:Kafka:Client:acks is set by Roster itself: remove it.")]
    [InlineData("Client:enable_auto_commit", "true", "Roster:Kafka:Client:enable_auto_commit is set by Roster itself")]
    public void A_wrong_setting_gets_a_sentence(string name, string value, string sentence)
    {
        var failure = Assert.Throws<SettingsException>(() => Read(("BootstrapServers", "kafka:9092"), (name, value)));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_without_a_broker_is_refused() =>
        Assert.Contains("set Roster:Kafka:BootstrapServers", Assert.Throws<SettingsException>(() => Read(("Topic", "user-events"))).Message, StringComparison.Ordinal);

    private static KafkaOptions? Read(params (string Name, string Value)[] settings)
    {
        Dictionary<string, string?> all = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in settings)
        {
            all[$"Roster:Kafka:{name}"] = value;
        }

        var reader = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
        var options = KafkaSettings.Read(reader);
        reader.RefuseUnknown();
        return options;
    }
}
