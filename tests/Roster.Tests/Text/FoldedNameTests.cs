using System.Text;
using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class FoldedNameTests
{
    [Theory]
    [InlineData("Ada Lovelace", "ada lovelace")]
    [InlineData("ZOE\u0308", "zoë")]
    [InlineData("Groß", "gross")]
    [InlineData("ᾼ", "αι")]
    public void A_name_becomes_its_folded_bytes(string name, string folded) =>
        Assert.Equal(Encoding.UTF8.GetBytes(folded), FoldedName.Of(name));

    [Fact]
    public void Folding_a_folded_name_changes_nothing() =>
        AnyText.Text.Sample(name =>
        {
            var once = FoldedName.Of(name);
            return FoldedName.Of(Encoding.UTF8.GetString(once)).AsSpan().SequenceEqual(once);
        }, iter: 20_000);

    [Fact]
    public void A_prefix_that_is_all_FF_has_no_end()
    {
        Assert.Null(FoldedName.PrefixEnd([]));
        Assert.Null(FoldedName.PrefixEnd([0xFF, 0xFF]));
        Assert.Equal([0x62], FoldedName.PrefixEnd([0x61, 0xFF, 0xFF])!);
        Assert.Equal([0x61, 0x63], FoldedName.PrefixEnd("ab"u8)!);
    }

    [Fact]
    public void A_string_is_in_the_range_of_a_prefix_exactly_when_it_starts_with_it() =>
        Gen.Select(Gen.OneOf<byte>(0, 1, 0x61, 0xFE, 0xFF).Array[0, 4], Gen.OneOf<byte>(0, 1, 0x61, 0xFE, 0xFF).Array[0, 6])
            .Sample((prefix, text) =>
            {
                var end = FoldedName.PrefixEnd(prefix);
                var inRange = text.AsSpan().SequenceCompareTo(prefix) >= 0 && (end is null || text.AsSpan().SequenceCompareTo(end) < 0);
                return inRange == text.AsSpan().StartsWith(prefix);
            }, iter: 20_000);
}
