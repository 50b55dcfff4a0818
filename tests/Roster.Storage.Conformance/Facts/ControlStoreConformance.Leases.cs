using Roster.Core.Storage;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class ControlStoreConformance
{
    [Fact]
    public async Task A_held_lease_is_nobody_elses_until_it_ends()
    {
        var held = await AcquireAsync("a", Noon);
        Assert.Equal(new Lease("l", "a", held!.Fence, Noon + Minute), held);
        Assert.Null(await AcquireAsync("b", Noon.AddSeconds(59)));
        Assert.NotNull(await AcquireAsync("b", Noon.AddSeconds(61)));
        Assert.Null(await AcquireAsync("a", Noon.AddSeconds(62)));
        Assert.NotNull(await Control.AcquireLeaseAsync("another", "a", Noon, Minute, Cancel));
    }

    [Fact]
    public async Task A_holder_renews_its_lease()
    {
        await AcquireAsync("a", Noon);
        var renewed = await AcquireAsync("a", Noon.AddSeconds(30));
        Assert.Equal(Noon.AddSeconds(90), renewed!.Until);
        Assert.Null(await AcquireAsync("b", Noon.AddSeconds(80)));
        await Control.ReleaseLeaseAsync("l", renewed.Fence, Cancel);
        Assert.NotNull(await AcquireAsync("b", Noon.AddSeconds(80)));
    }

    [Fact]
    [Proves("A grant to another holder than the last must carry a higher fence.")]
    public async Task A_new_holder_gets_a_higher_fence_after_expiry_and_after_release()
    {
        var first = await AcquireAsync("a", Noon);
        var second = await AcquireAsync("b", Noon.AddMinutes(2));
        Assert.True(second!.Fence > first!.Fence);
        await Control.ReleaseLeaseAsync("l", second.Fence, Cancel);
        var third = await AcquireAsync("a", Noon.AddMinutes(2));
        Assert.True(third!.Fence > second.Fence);
    }

    [Fact]
    public async Task A_late_release_by_an_old_fence_does_nothing()
    {
        var first = await AcquireAsync("a", Noon);
        var second = await AcquireAsync("b", Noon.AddMinutes(2));
        await Control.ReleaseLeaseAsync("l", first!.Fence, Cancel);
        Assert.Null(await AcquireAsync("c", Noon.AddMinutes(2)));
        await Control.ReleaseLeaseAsync("none", 1, Cancel);
        await Control.ReleaseLeaseAsync("l", second!.Fence, Cancel);
        Assert.NotNull(await AcquireAsync("c", Noon.AddMinutes(2)));
    }

    [Fact]
    public async Task Of_racing_holders_one_gets_the_lease()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await AcquireAsync($"h{i}", Noon))));
        Assert.Single(grants, g => g is not null);
    }

    [Fact]
    public async Task Leases_are_listed_by_the_beginning_of_their_names_ended_ones_too()
    {
        foreach (var name in new[] { "a/1", "a/2", "a/seat/1", "a", "ab", "b/1", "A/1" })
        {
            await Control.AcquireLeaseAsync(name, "h", Noon, Minute, Cancel);
        }

        await Control.ReleaseLeaseAsync("a/2", 1, Cancel);
        var found = await Control.LeasesAsync("a/", Cancel);
        Assert.Equal(
            [new("a/1", "h", 1, Noon + Minute), new("a/2", "h", 1, DateTimeOffset.UnixEpoch), new Lease("a/seat/1", "h", 1, Noon + Minute)], found);
        Assert.Empty(await Control.LeasesAsync("c/", Cancel));
    }

    private ValueTask<Lease?> AcquireAsync(string holder, DateTimeOffset now) =>
        Control.AcquireLeaseAsync("l", holder, now, Minute, Cancel);
}
