using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Roster.Core.RateLimits;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class RateLimitSettingsTests
{
    [Fact]
    public void Nobody_is_limited_until_it_is_set_and_a_burst_is_two_seconds_worth()
    {
        Assert.Null(Read());
        Assert.Equal(new RateLimitOptions(100, 200), Read(("PerSecond", "100")));
        Assert.Equal(new RateLimitOptions(100, 1), Read(("PerSecond", "100"), ("Burst", "1")));
    }

    [Theory]
    [InlineData("PerSecond", "0")]
    [InlineData("PerSecond", "-1")]
    [InlineData("PerSecond", "10/s")]
    [InlineData("PerSecond", "100001")]
    [InlineData("Burst", "0")]
    [InlineData("Burst", "100001")]
    public void A_wrong_value_is_refused_with_a_sentence(string name, string value)
    {
        var refusal = Assert.Throws<SettingsException>(() => Read(("PerSecond", "5"), (name, value)));
        Assert.Equal($"Roster:RateLimit:{name} is \"{value}\": write a number from 1 to 100000.", refusal.Message);
    }

    [Fact]
    public void A_burst_alone_is_refused()
    {
        var refusal = Assert.Throws<SettingsException>(() => Read(("Burst", "5")));
        Assert.Contains("without Roster:RateLimit:PerSecond", refusal.Message, StringComparison.Ordinal);
    }

    private static RateLimitOptions? Read(params (string Name, string Value)[] settings)
    {
        // The last of two that are given counts.
        var all = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            all[$"Roster:RateLimit:{name}"] = value;
        }

        return RosterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), null, null).RateLimit;
    }
}
