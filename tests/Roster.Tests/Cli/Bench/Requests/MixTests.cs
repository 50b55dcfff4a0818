using Roster.Cli.Bench.Requests;
using Xunit;

namespace Roster.Tests.Cli.Bench.Requests;

public sealed class MixTests
{
    [Fact]
    public void Operations_are_chosen_by_their_weights()
    {
        var mix = Mix.Parse("get=90, create=9,email=1");
        var random = new Random(42);
        var chosen = Enumerable.Range(0, 100_000).Select(_ => mix.Next(random).Name).CountBy(name => name).ToDictionary(StringComparer.Ordinal);

        Assert.InRange(chosen["get"], 89_600, 90_400);
        Assert.InRange(chosen["create"], 8_700, 9_300);
        Assert.InRange(chosen["email"], 900, 1_100);
        Assert.Equal("get=90,create=9,email=1", mix.ToString());
    }

    [Fact]
    public void Only_what_names_a_user_needs_some()
    {
        Assert.False(Mix.Parse("create,list").NeedsTargets);
        Assert.True(Mix.Parse("create,patch").NeedsTargets);
        Assert.False(Mix.Parse("get").NeedsEmails);
        Assert.True(Mix.Parse("get,email").NeedsEmails);
    }
}
