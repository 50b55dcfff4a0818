using System.Globalization;
using Roster.Core.Ids;
using Xunit;

namespace Roster.Tests.Ids;

public sealed class PlacementTests
{
    [Fact]
    public void Every_golden_placement_is_what_it_was()
    {
        var rows = GoldenVectors.Rows("placement.tsv");
        Assert.Equal(42, rows.Count);
        Assert.All(rows, row => Assert.Equal(
            int.Parse(row[3], CultureInfo.InvariantCulture),
            new Placement(Convert.FromHexString(row[0])).BucketOf(new TenantId(row[1]), row[2]).Value));
    }

    [Fact]
    public void Tenant_and_e_mail_do_not_run_into_each_other()
    {
        var placement = new Placement(new byte[Placement.SecretLength]);
        var moved = Enumerable.Range(0, 20).Count(i =>
            placement.BucketOf(new TenantId("a"), $"b{i}@c.d") != placement.BucketOf(new TenantId($"ab{i}"), "@c.d"));
        Assert.InRange(moved, 18, 20);
    }

    [Fact]
    public void E_mails_spread_evenly_over_the_buckets()
    {
        var placement = new Placement(new byte[Placement.SecretLength]);
        var perBucket = Enumerable.Range(0, 100 * BucketId.Count)
            .CountBy(i => placement.BucketOf(TenantId.Default, $"user{i}@example.com").Value)
            .ToDictionary();
        Assert.Equal(BucketId.Count, perBucket.Count);

        // 100 on average, deviation 10: six deviations each way.
        Assert.InRange(perBucket.Values.Min(), 40, 100);
        Assert.InRange(perBucket.Values.Max(), 100, 160);
    }
}
