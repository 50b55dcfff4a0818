namespace Roster.Cli.Bench.Popularity;

/// <summary>
/// The k-th most popular of n is chosen in proportion to k^-s, exactly, without a table: rejection-inversion (W. Hörmann,
/// G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", ACM TOMACS 6(3), 1996).
/// A draw takes about one logarithm and one power, and is rejected rarely. 0.99 is what YCSB uses.
/// </summary>
internal sealed class Zipf : IPopularity
{
    private const double Tiny = 1e-8;
    private readonly int count;
    private readonly double exponent;
    private readonly double areaOfFirst;
    private readonly double areaOfAll;
    private readonly double squeeze;

    /// <param name="count">n, from 1.</param>
    /// <param name="exponent">s, above 0.</param>
    public Zipf(int count, double exponent)
    {
        (this.count, this.exponent) = (count, exponent);
        areaOfFirst = Area(1.5) - 1;
        areaOfAll = Area(count + 0.5);
        squeeze = 2 - Inverse(Area(2.5) - Weight(2));
    }

    /// <inheritdoc/>
    public int Next(Random random)
    {
        while (true)
        {
            var area = areaOfAll + (random.NextDouble() * (areaOfFirst - areaOfAll));
            var x = Inverse(area);
            var k = Math.Clamp((int)(x + 0.5), 1, count);
            if (k - x <= squeeze || area >= Area(k + 0.5) - Weight(k))
            {
                return k - 1;
            }
        }
    }

    private double Weight(double x) => Math.Exp(-exponent * Math.Log(x));

    /// <summary>The integral of the weight, (x^(1-s) - 1) / (1-s); a logarithm when s is 1.</summary>
    private double Area(double x)
    {
        var log = Math.Log(x);
        var t = (1 - exponent) * log;
        return (Math.Abs(t) > Tiny ? (Math.Exp(t) - 1) / t : 1 + (t / 2)) * log;
    }

    private double Inverse(double area)
    {
        var t = Math.Max(area * (1 - exponent), -1);
        return Math.Exp((Math.Abs(t) > Tiny ? Math.Log(1 + t) / t : 1 - (t / 2)) * area);
    }
}
