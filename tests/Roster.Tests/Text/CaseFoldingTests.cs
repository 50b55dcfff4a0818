using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class CaseFoldingTests
{
    [Theory]
    [InlineData("Straße", "strasse")]
    [InlineData("STRAẞE", "strasse")]
    [InlineData("ΌΣΟΣ ς", "όσοσ σ")]
    [InlineData("İI", "i\u0307i")]
    [InlineData("ıi", "ıi")]
    [InlineData("\u212Aſ", "ks")]
    [InlineData("ﬃ", "ffi")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("ꭰ", "Ꭰ")]
    public void Folding_is_full_and_never_Turkic(string text, string folded) => Assert.Equal(folded, CaseFolding.Fold(text));

    [Fact]
    public void Random_text_folds_as_another_implementation_has_it() =>
        Assert.All(Vectors.PackedJson("text-vectors.tsv.gz"), row => Assert.Equal(row[2], CaseFolding.Fold(row[0])));

    [Fact]
    public void Folding_twice_changes_nothing() =>
        AnyText.Text.Sample(text => CaseFolding.Fold(CaseFolding.Fold(text)) == CaseFolding.Fold(text), iter: 20_000);

    [Fact]
    public void ASCII_without_capitals_is_handed_back_itself()
    {
        const string text = "ada@example.com";
        Assert.Same(text, CaseFolding.Fold(text));
    }
}
