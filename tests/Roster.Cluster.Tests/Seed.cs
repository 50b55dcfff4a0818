using System.Globalization;
using Xunit;

namespace Roster.Cluster.Tests;

/// <summary>What a random run begins with, so that it can be run again: <c>ROSTER_SEED</c>, or a number that is written down.</summary>
internal static class Seed
{
    public static int Take(ITestOutputHelper output)
    {
        var given = Environment.GetEnvironmentVariable("ROSTER_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"ROSTER_SEED={seed}");
        return seed;
    }
}
