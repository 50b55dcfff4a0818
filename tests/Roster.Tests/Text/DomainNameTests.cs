using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class DomainNameTests
{
    [Fact]
    public void Every_vector_of_the_oracle_gets_the_oracles_answer()
    {
        var vectors = Vectors.PackedJson("idna-vectors.tsv.gz").ToList();
        Assert.True(vectors.Count > 5_000);
        var wrong = vectors.Where(vector => Answer(vector[0]) != vector[1])
            .Select(vector => $"{Vectors.Show(vector[0])}: {Answer(vector[0])}, not {vector[1]}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n{string.Join('\n', wrong.Take(20))}");
    }

    [Theory]
    [InlineData("MÜNCHEN.de", "xn--mnchen-3ya.de")]
    [InlineData("faß.de", "xn--fa-hia.de")]
    [InlineData("localhost", "localhost")]
    [InlineData("r3---sn.Example", "r3---sn.example")]
    public void A_name_becomes_lower_case_ASCII(string domain, string ascii) => Assert.Equal(ascii, Answer(domain));

    [Theory]
    [InlineData("")]
    [InlineData("example.com.")]
    [InlineData("a..b")]
    [InlineData("a_b")]
    [InlineData("-ü")]
    [InlineData("xn--abc-")]
    [InlineData("xn--xn---epa")]
    [InlineData("\uD83D")]
    [InlineData("a\u200Db")]
    public void What_is_no_name_is_refused(string domain) => Assert.Equal("!", Answer(domain));

    [Fact]
    public void The_answer_is_its_own_answer() =>
        AnyText.Text.Sample(text => !DomainName.TryToAscii(text, out var ascii) || Answer(ascii) == ascii, iter: 20_000);

    private static string Answer(string domain)
    {
        var valid = DomainName.TryToAscii(domain, out var ascii);
        Assert.Equal(valid, ascii.Length > 0);
        return valid ? ascii : "!";
    }
}
