using System.Globalization;
using CsCheck;
using Roster.Core.Ids;
using Xunit;

namespace Roster.Tests.Ids;

public sealed class IdLayoutTests
{
    private const long MaxMilliseconds = (1L << 48) - 1;
    private static readonly Gen<(long Ms, int Bucket, ulong Random)> Parts =
        Gen.Select(Gen.Long[0, MaxMilliseconds], Gen.Int[0, BucketId.Count - 1], Gen.ULong);

    [Fact]
    public void Every_golden_id_is_what_it_was()
    {
        var rows = GoldenVectors.Rows("ids.tsv");
        Assert.Equal(40, rows.Count);
        Assert.All(rows, row =>
        {
            var id = IdLayout.Compose(
                long.Parse(row[0], CultureInfo.InvariantCulture),
                new BucketId(int.Parse(row[1], CultureInfo.InvariantCulture)),
                ulong.Parse(row[2], CultureInfo.InvariantCulture));
            Assert.Equal(row[3], id.ToString("D"));
            Assert.Equal(row[1], IdLayout.BucketOf(id).Value.ToString(CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public void An_id_tells_the_bucket_it_was_made_for() =>
        Parts.Sample(p => IdLayout.BucketOf(Compose(p)).Value == p.Bucket);

    [Fact]
    public void Every_id_is_a_UUID_of_version_7_and_variant_10() => Parts.Sample(p =>
    {
        var bytes = Compose(p).ToByteArray(bigEndian: true);
        return bytes[6] >> 4 == 7 && bytes[8] >> 6 == 0b10;
    });

    [Fact]
    public void An_earlier_millisecond_sorts_first_whatever_the_rest() => Gen.Select(Parts, Parts).Sample((a, b) =>
        a.Ms == b.Ms || a.Ms < b.Ms == Compose(a).CompareTo(Compose(b)) < 0);

    [Fact]
    public void User_ids_sort_as_their_big_endian_bytes() => Gen.Select(Gen.Guid, Gen.Guid, Gen.Int[0, 15]).Sample((a, other, shared) =>
    {
        // Ids that differ late are the interesting ones: give them a common beginning.
        var bytes = a.ToByteArray(bigEndian: true);
        other.ToByteArray(bigEndian: true).AsSpan(shared).CopyTo(bytes.AsSpan(shared));
        var (left, right) = (new UserId(a), new UserId(new Guid(bytes, bigEndian: true)));
        var order = Math.Sign(a.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(bytes));
        return Math.Sign(left.CompareTo(right)) == order && left < right == order < 0 && left > right == order > 0
            && left <= right == order <= 0 && left >= right == order >= 0;
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(4096)]
    public void A_bucket_that_does_not_exist_is_refused(int bucket) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IdLayout.Compose(0, new BucketId(bucket), 0));

    [Fact]
    public void A_written_id_is_read_back_and_carries_its_bucket() => Parts.Sample(p =>
        UserId.TryParse(new UserId(Compose(p)).ToString(), out var user) && user.Value == Compose(p) && user.Bucket.Value == p.Bucket
        && PostId.TryParse(user.Value.ToString("D").ToUpperInvariant(), out var post) && post.Value == user.Value && post.Bucket == user.Bucket);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("018bcfe568007abc8def0123456789ab")]
    [InlineData("{018bcfe5-6800-7abc-8def-0123456789ab}")]
    [InlineData(" 018bcfe5-6800-7abc-8def-0123456789ab")]
    [InlineData("018bcfe5-6800-7abc-8def-0123456789ag")]
    [InlineData("018bcfe5-6800-7abc-8def-+123456789ab")]
    [InlineData("018bcfe56-800-7abc-8def-0123456789ab")]
    public void What_is_not_36_characters_in_the_common_form_is_no_id(string? text) =>
        Assert.False(IdLayout.TryParse(text, out _));

    private static Guid Compose((long Ms, int Bucket, ulong Random) p) => IdLayout.Compose(p.Ms, new BucketId(p.Bucket), p.Random);
}
