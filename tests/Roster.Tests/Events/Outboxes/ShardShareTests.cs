using Roster.Core.Events.Publishing;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Model;
using Roster.Tests.Events.Publishing;
using Roster.Tests.Storage.Sharding;
using Xunit;

namespace Roster.Tests.Events.Outboxes;

/// <summary>Processes share the shards evenly, whoever comes and goes.</summary>
public sealed class ShardShareTests
{
    private readonly MemoryControlStore control = new();
    private readonly MemoryProgressStore progress = new();
    private readonly MemoryShards shards = new(5);

    [Fact]
    public async Task Shards_are_shared_evenly_and_taken_over()
    {
        var a = Start("a");
        await SharesAsync(5);
        await using var b = Start("b");
        await SharesAsync(3, 2);
        await using var c = Start("c");
        await SharesAsync(2, 2, 1);
        await a.DisposeAsync();
        await SharesAsync(3, 2);
    }

    [Fact]
    public async Task More_processes_than_shards_wait_for_a_seat()
    {
        var nodes = Enumerable.Range(0, 7).Select(i => Start($"n{i}")).ToList();
        await SharesAsync(1, 1, 1, 1, 1);
        foreach (var holding in (await HeldAsync()).Select(lease => lease.Holder).Distinct().Take(2).ToList())
        {
            await nodes.Single(node => node.Name == holding).DisposeAsync();
            nodes.RemoveAll(node => node.Name == holding);
        }

        await SharesAsync(1, 1, 1, 1, 1);
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        Assert.Empty(await HeldAsync());
    }

    private Node Start(string name)
    {
        var node = new Node(name, shards.Node(), control, progress);
        return node.Start(new Relay(node.Outboxes, new Topic(), TimeProvider.System));
    }

    private Task SharesAsync(params int[] shares) => Bounded.UntilAsync(
        async () => (await HeldAsync()).GroupBy(lease => lease.Holder).Select(held => held.Count()).OrderDescending().SequenceEqual(shares),
        $"shares of {string.Join(", ", shares)}");

    private async Task<List<Lease>> HeldAsync() =>
        [.. (await control.LeasesAsync("relay/", TestContext.Current.CancellationToken))
            .Where(lease => lease.Until > TimeProvider.System.GetUtcNow() && !lease.Name.Contains("seat", StringComparison.Ordinal))];
}
