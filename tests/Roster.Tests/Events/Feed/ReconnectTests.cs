using System.Globalization;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Tests.Storage.Sharding;
using Xunit;

namespace Roster.Tests.Events.Feed;

/// <summary>
/// Clients leave at random moments and come back to either of two nodes, while users change on three shards, shards go away
/// from a node and come back, little is remembered and little may wait: each client sees every event once, in the order of its user.
/// </summary>
public sealed class ReconnectTests(ITestOutputHelper output)
{
    private const int Users = 12;
    private const int Rounds = 60;

    /// <summary>For reading all that was written, once it was.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly FeedOptions Narrow = FeedNode.Quick with { MaxRecent = 40, MaxWaiting = 25, PageSize = 16, CatchUpPageSize = 7 };

    [Fact]
    public async Task Nothing_is_lost_and_nothing_acknowledged_comes_again()
    {
        var given = Environment.GetEnvironmentVariable("ROSTER_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"ROSTER_SEED={seed}");
        var shards = new MemoryShards(3);
        await using var one = new FeedNode(shards, Narrow);
        await using var other = new FeedNode(shards, Narrow with { MaxRecent = 4 });
        var writer = shards.Node();
        var changes = new Changes();
        var users = await RegisterAsync(writer, changes);
        var before = users.Select(user => $"{user.Id} 1").ToList();

        FeedReader NewReader(int number, FeedFilter? filter = null) => new([one, other], filter ?? new FeedFilter(TenantId.Default), seed + number);
        List<FeedReader> all = [.. Enumerable.Range(0, 6).Select(i => NewReader(i))];
        var single = NewReader(100, new FeedFilter(TenantId.Default, users[0].Id));
        var types = NewReader(101, new FeedFilter(TenantId.Default, Types: new HashSet<string>(StringComparer.Ordinal) { Suspended.TypeName }));
        foreach (var (reader, i) in all.Concat([single, types]).Select((reader, i) => (reader, i)))
        {
            await reader.BeginAsync(i % 2 == 0 ? null : FeedPosition.Oldest);
        }

        List<string> expected = [];
        List<string> suspended = [];
        using var deadline = new CancellationTokenSource();
        var isWritten = false;
        bool Done(FeedReader reader, int wanted) => Volatile.Read(ref isWritten) && reader.Seen.Count >= wanted;
        var reading = all.Select((reader, i) => reader.RunAsync(() => Done(reader, expected.Count + (i % 2 == 0 ? 0 : before.Count)), deadline.Token))
            .Append(single.RunAsync(() => Done(single, expected.Count(text => text.StartsWith($"{users[0].Id}", StringComparison.Ordinal))), deadline.Token))
            .Append(types.RunAsync(() => Done(types, suspended.Count), deadline.Token)).ToList();

        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            one.Switches[random.Next(3)].IsAway = random.Next(4) == 0;
            other.Switches[random.Next(3)].IsAway = random.Next(4) == 0;
            for (var i = 0; i < users.Count; i++)
            {
                var change = random.Next(3) switch
                {
                    0 when users[i].Status == UserStatus.Active => changes.Suspend(users[i]),
                    0 => changes.Reactivate(users[i]),
                    1 => changes.Of(users[i], new ProfileChanged($"First {round}", null), new ProfileChanged($"Second {round}", null)),
                    _ => changes.Rename(users[i], $"Name {round}"),
                };
                Assert.Equal(ChangeOutcome.Committed, (await writer.CommitAsync([change], CancellationToken.None))[0].Outcome);
                users[i] = change.Next!;
                expected.AddRange(change.Events.Select(e => $"{e.User} {e.Sequence}"));
                suspended.AddRange(change.Events.Where(e => e.What is Suspended).Select(e => $"{e.User} {e.Sequence}"));
            }

            await Task.Delay(random.Next(15));
        }

        one.Switches.Concat(other.Switches).ToList().ForEach(shard => shard.IsAway = false);
        Volatile.Write(ref isWritten, true);
        deadline.CancelAfter(Patience);
        await Task.WhenAll(reading);

        // What would come twice comes at the end of a stream.
        for (var i = 0; i < all.Count; i++)
        {
            AssertSame(i % 2 == 0 ? expected : [.. before, .. expected], all[i].Seen);
        }

        AssertSame([.. expected.Where(text => text.StartsWith($"{users[0].Id}", StringComparison.Ordinal))], single.Seen);
        AssertSame(suspended, [.. types.Seen]);
        output.WriteLine($"{expected.Count} events, {all.Sum(reader => reader.Connections)} connections, {all.Sum(reader => reader.CutOff)} of them cut off");
    }

    /// <summary>Each once, and each user's in their order.</summary>
    private static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> seen)
    {
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal(ByUser(expected), ByUser(seen));
    }

    private static IEnumerable<string> ByUser(IEnumerable<string> events) =>
        events.GroupBy(text => text.Split(' ')[0]).OrderBy(user => user.Key, StringComparer.Ordinal).SelectMany(user => user);

    private static async Task<List<User>> RegisterAsync(IStore store, Changes changes)
    {
        List<User> users = [];
        for (var i = 0; i < Users; i++)
        {
            var change = changes.Register($"User {i}", $"user{i}@example.org");
            await store.CommitAsync([change], CancellationToken.None);
            users.Add(change.Next!);
        }

        return users;
    }
}
