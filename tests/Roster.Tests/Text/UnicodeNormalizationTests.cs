using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class UnicodeNormalizationTests
{
    [Fact]
    public void Every_line_of_the_Unicode_normalization_test_holds()
    {
        var rows = Vectors.PackedLines("normalization-test.txt.gz").Where(line => line[0] is not ('#' or '@')).Select(ReadColumns).ToList();
        Assert.True(rows.Count > 18_900, $"only {rows.Count} lines");
        foreach (var row in rows)
        {
            // Columns: source, NFC, NFD, NFKC, NFKD; the first three share one NFC, the last two another.
            Assert.All([row[0], row[1], row[2]], text => Assert.Equal(row[1], UnicodeNormalization.ToNfc(text)));
            Assert.All([row[3], row[4]], text => Assert.Equal(row[3], UnicodeNormalization.ToNfc(text)));
        }
    }

    [Fact]
    public void A_code_point_that_part_1_does_not_list_is_its_own_NFC()
    {
        var listed = Vectors.PackedLines("normalization-test.txt.gz")
            .SkipWhile(line => !line.StartsWith("@Part1", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line[0] != '@')
            .Select(line => ReadColumns(line)[0]).ToHashSet(StringComparer.Ordinal);
        Assert.True(listed.Count > 15_000);
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            var text = AnyText.FromPoint(point);
            if (!listed.Contains(text))
            {
                Assert.Equal(text, UnicodeNormalization.ToNfc(text));
            }
        }
    }

    [Fact]
    public void Random_text_normalizes_as_another_implementation_has_it() =>
        Assert.All(Vectors.PackedJson("text-vectors.tsv.gz"), row => Assert.Equal(row[1], UnicodeNormalization.ToNfc(row[0])));

    [Fact]
    public void Normalizing_twice_changes_nothing() =>
        AnyText.Text.Sample(text =>
        {
            var once = UnicodeNormalization.ToNfc(text);
            return UnicodeNormalization.ToNfc(once) == once;
        }, iter: 20_000);

    [Fact]
    public void A_lone_surrogate_stays_where_it_is() =>
        Assert.Equal("\u00E9\uD83D\u00E9\uDE00", UnicodeNormalization.ToNfc("e\u0301\uD83De\u0301\uDE00"));

    [Fact]
    public void Latin_1_is_handed_back_itself()
    {
        const string name = "Zoë";
        Assert.Same(name, UnicodeNormalization.ToNfc(name));
    }

    [Fact]
    public void A_hundred_thousand_marks_do_not_take_quadratic_time()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));
        Assert.Equal(100_000, UnicodeNormalization.ToNfc("q" + marks).Length - 1);
    }

    private static string[] ReadColumns(string line) => Array.ConvertAll(
        line.TrimEnd(';').Split(';'),
        column => string.Concat(column.Split(' ').Select(point => AnyText.FromPoint(Convert.ToInt32(point, 16)))));
}
