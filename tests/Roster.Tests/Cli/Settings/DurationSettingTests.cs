using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class DurationSettingTests
{
    [Theory]
    [InlineData("500 ms", 0.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("5 s", 5)]
    [InlineData("1.5 s", 1.5)]
    [InlineData("10m", 600)]
    [InlineData("24 h", 86_400)]
    [InlineData("7 d", 604_800)]
    [InlineData("01:02:03", 3_723)]
    [InlineData("7.00:00:00", 604_800)]
    [InlineData("", 42)]
    public void A_duration_is_a_number_with_a_unit_or_a_clock(string text, double seconds)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Roster:X", (string?)text)])
            .Build();
        Assert.Equal(
            TimeSpan.FromSeconds(seconds), new SettingsReader(configuration).Duration("X", TimeSpan.FromSeconds(42), TimeSpan.Zero));
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("2m", 120)]
    [InlineData("10", 10)]
    public void A_bare_number_of_a_flag_is_seconds(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.OfFlag("--duration", text));
}
