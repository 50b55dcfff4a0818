using CsCheck;
using Roster.Cli.Bench.Popularity;
using Xunit;

namespace Roster.Tests.Cli.Bench.Popularity;

public sealed class ZipfTests
{
    private const int Draws = 400_000;

    [Theory]
    [InlineData(0.5, 10)]
    [InlineData(0.99, 1000)]
    [InlineData(1, 100)]
    [InlineData(1.5, 50)]
    [InlineData(4, 5)]
    public void Each_is_drawn_in_proportion_to_its_rank_to_the_power(double exponent, int count)
    {
        var law = new Zipf(count, exponent);
        var random = new Random(20260301);
        var drawn = new int[count];
        for (var i = 0; i < Draws; i++)
        {
            drawn[law.Next(random)]++;
        }

        // Pearson's chi-square: count - 1 degrees of freedom, so this many standard deviations above its mean are never seen.
        var weights = Enumerable.Range(1, count).Select(k => Math.Pow(k, -exponent)).ToArray();
        var sum = weights.Sum();
        var chiSquare = weights.Select((weight, i) => (Expected: Draws * weight / sum, Seen: drawn[i])).Sum(each => Math.Pow(each.Seen - each.Expected, 2) / each.Expected);
        Assert.InRange(chiSquare, 0, count - 1 + (4 * Math.Sqrt(2 * (count - 1))));
    }

    [Fact]
    public void What_is_drawn_is_always_one_of_them() =>
        Gen.Select(Gen.Int[1, 2_000_000], Gen.Double[0.01, 10], Gen.Int).Sample(
            (count, exponent, seed) => new Zipf(count, exponent).Next(new Random(seed)) is var drawn && drawn >= 0 && drawn < count);

    [Fact]
    public void Uniform_has_no_favourites()
    {
        var random = new Random(7);
        var drawn = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            drawn[new Uniform(10).Next(random)]++;
        }

        Assert.All(drawn, count => Assert.InRange(count, 9_600, 10_400));
    }
}
