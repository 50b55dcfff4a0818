using CsCheck;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Events.Feed;

public sealed class FeedPositionTests
{
    private static readonly Gen<(int Shard, long Timeline, long Position)[]> Cursors =
        Gen.Select(Gen.Int[0, 255], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Array[1, 20];

    [Fact]
    public void What_was_written_is_read_again_in_the_order_of_shards() => Cursors.Sample(cursors =>
    {
        var position = Of(cursors);
        Assert.True(FeedPosition.TryParse(position.ToString(), out var read));
        Assert.Equal(position.Cursors, read.Cursors);
        Assert.Equal(position.Cursors.OrderBy(known => known.Shard.Value), read.Cursors);
        Assert.All(cursors.GroupBy(one => one.Shard), same =>
            Assert.Equal(new OutboxCursor(same.Last().Timeline, same.Last().Position), read.On(new ShardId(same.Key))));
    });

    [Fact]
    public void One_changed_letter_is_noticed() => Gen.Select(Cursors, Gen.Int[0, 10_000], Gen.Char["ABCxyz019-_"]).Sample((cursors, at, letter) =>
    {
        var text = Of(cursors).ToString();
        var changed = text.ToCharArray();
        changed[at % text.Length] = letter;
        Assert.Equal(new string(changed) == text, FeedPosition.TryParse(changed, out _));
    });

    [Fact]
    public void Thirty_eight_shards_fit_into_a_kibibyte_whatever_the_numbers_are()
    {
        var position = Of([.. Enumerable.Range(218, 38).Select(shard => (shard, long.MaxValue, long.MaxValue))]);
        Assert.InRange(position.ToString().Length, 1, 1024);
        Assert.True(FeedPosition.TryParse(position.ToString(), out _));
        var most = Of([.. Enumerable.Range(0, 256).Select(shard => (shard, long.MaxValue, long.MaxValue))]);
        Assert.True(FeedPosition.TryParse(most.ToString(), out _));
    }

    [Fact]
    public void Zero_is_before_everything()
    {
        Assert.True(FeedPosition.TryParse("0", out var oldest));
        Assert.Empty(oldest.Cursors);
        Assert.Equal("0", oldest.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("00")]
    [InlineData("AQ")]
    [InlineData("AQEBAQEBAQ")]
    [InlineData("null")]
    [InlineData("Ä")]
    [InlineData("0 ")]
    public void Nonsense_is_refused(string text) => Assert.False(FeedPosition.TryParse(text, out _));

    [Fact]
    public void A_consistency_token_is_no_position() => Assert.False(
        FeedPosition.TryParse(ConsistencyToken.Of(new Position(new ShardId(0), 1, 5)).ToString(), out _));

    private static FeedPosition Of((int Shard, long Timeline, long Position)[] cursors) => cursors.Aggregate(
        FeedPosition.Oldest, (position, one) => position.With(new ShardId(one.Shard), new OutboxCursor(one.Timeline, one.Position)));
}
