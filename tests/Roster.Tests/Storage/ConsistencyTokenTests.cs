using System.Buffers.Text;
using CsCheck;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Storage;

public sealed class ConsistencyTokenTests
{
    private static readonly Gen<Position> Place = Gen.Select(Gen.Int[0, 5], Gen.Long[0, 3], Gen.Long[0, 1000])
        .Select((shard, timeline, value) => new Position(new ShardId(shard), timeline, value));

    private static readonly Gen<Position> AnyPlace = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue])
        .Select((shard, timeline, value) => new Position(new ShardId(shard), timeline, value));

    [Fact]
    public void A_token_is_read_back_as_it_was_written() => AnyPlace.List[1, 40].Sample(places =>
    {
        var token = Covering(places);
        return ConsistencyToken.TryParse(token.ToString(), out var read) && read.Positions.SequenceEqual(token.Positions);
    });

    [Fact]
    public void A_token_names_each_shard_once_in_order() => Place.List[0, 20].Sample(places =>
        Covering(places).Positions.Select(p => p.Shard.Value).SequenceEqual(places.Select(p => p.Shard.Value).Distinct().Order()));

    [Fact]
    public void On_one_timeline_the_later_position_wins_in_any_order() => Place.List[1, 20].Sample(places =>
    {
        var one = places.ConvertAll(p => p with { Timeline = 1 });
        return Covering(one).Positions.SequenceEqual(one.GroupBy(p => p.Shard.Value).OrderBy(g => g.Key).Select(g => g.MaxBy(p => p.Value)));
    });

    [Fact]
    public void Another_timeline_replaces_the_known_one_even_at_a_lower_position()
    {
        var token = At(1, 900).Covering(new Position(new ShardId(0), 2, 5));
        Assert.Equal([new Position(new ShardId(0), 2, 5)], token.Positions);
    }

    [Fact]
    public void A_token_that_covers_another_is_at_least_as_late_on_every_shard() => Gen.Select(Place.List[0, 10], Place.List[0, 10]).Sample((a, b) =>
    {
        var (mine, other) = (Covering(a), Covering(b));
        var both = mine.Covering(other);
        return other.Positions.All(p => both.On(p.Shard) is { } at && at.Timeline == p.Timeline && at.Value >= p.Value)
            && mine.Positions.All(p => both.On(p.Shard) is { } at && (other.On(p.Shard) is not null || at == p));
    });

    [Fact]
    public void Of_two_clients_tokens_the_higher_timeline_and_then_the_later_position_holds_in_any_order() => Gen.Select(Place.List[0, 10], Place.List[0, 10]).Sample((a, b) =>
    {
        var (mine, other) = (Covering(a), Covering(b));
        var merged = mine.Merged(other).Positions;
        return merged.SequenceEqual(other.Merged(mine).Positions) && merged.SequenceEqual(mine.Positions.Concat(other.Positions)
            .GroupBy(p => p.Shard.Value).OrderBy(g => g.Key).Select(g => g.OrderBy(p => p.Timeline).ThenBy(p => p.Value).Last()));
    });

    [Fact]
    public void Garbage_is_no_token_or_a_harmless_one_and_never_throws()
    {
        Gen.String.Sample(text => Harmless(text));
        Gen.Byte.Array[0, 60].Sample(bytes => Harmless(Base64Url.EncodeToString([1, .. bytes])));
        Gen.Char["AQabz09-_= \n+/."].Array[0, 40].Sample(chars => Harmless(new string(chars)));
    }

    [Fact]
    public void The_empty_token_is_written_as_nothing_and_nothing_is_no_token()
    {
        Assert.Empty(ConsistencyToken.None.ToString());
        Assert.False(ConsistencyToken.TryParse("", out _));
        Assert.False(ConsistencyToken.TryParse("AQ", out _));
        Assert.Null(ConsistencyToken.None.On(new ShardId(0)));
    }

    [Fact]
    public void A_token_cut_short_or_of_another_version_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(At(300, 70_000).ToString());
        Assert.All(Enumerable.Range(0, bytes.Length), length =>
            Assert.False(ConsistencyToken.TryParse(Base64Url.EncodeToString(bytes.AsSpan(0, length)), out _)));
        bytes[0]++;
        Assert.False(ConsistencyToken.TryParse(Base64Url.EncodeToString(bytes), out _));
    }

    [Fact]
    public void A_token_of_too_many_shards_is_refused()
    {
        var most = Covering(Enumerable.Range(0, 256).Select(shard => new Position(new ShardId(shard), 1, 1)));
        Assert.True(ConsistencyToken.TryParse(most.ToString(), out _));
        Assert.False(ConsistencyToken.TryParse(most.Covering(new Position(new ShardId(256), 1, 1)).ToString(), out var token));
        Assert.Empty(token.Positions);
    }

    private static ConsistencyToken At(long timeline, long value) => ConsistencyToken.Of(new Position(new ShardId(0), timeline, value));

    private static ConsistencyToken Covering(IEnumerable<Position> places) =>
        places.Aggregate(ConsistencyToken.None, (token, place) => token.Covering(place));

    private static bool Harmless(string text) => ConsistencyToken.TryParse(text, out var token)
        ? token.Positions.Count > 0 && token.Positions.All(p => p is { Shard.Value: >= 0, Timeline: >= 0, Value: >= 0 })
        : token.Positions.Count == 0;
}
