using Xunit;

namespace Roster.Tests.Scripts;

public sealed class ToCsvTests
{
    private const string ToCsv = "examples/debian-maintainers/to-csv";

    [Theory]
    [InlineData("Ada Lovelace <ada@example.org>", "\"Ada Lovelace\",\"ada@example.org\"")]
    [InlineData("A <a@x.org>, B B <b@x.org>", "\"A\",\"a@x.org\"", "\"B B\",\"b@x.org\"")]
    [InlineData("Lovelace, Ada <ada@x.org>;Ödegård <ö@x.org> ", "\"Lovelace, Ada\",\"ada@x.org\"", "\"Ödegård\",\"ö@x.org\"")]
    [InlineData("\"Dr. Who\" <who@x.org>", "\"Dr. Who\",\"who@x.org\"")]
    [InlineData("Barbara \"Jana\" Liskov <b@x.org>", "\"Barbara \"\"Jana\"\" Liskov\",\"b@x.org\"")]
    [InlineData("<only@x.org>", "\"only@x.org\",\"only@x.org\"")]
    [InlineData("nobody at all", "\"nobody at all\",\"nobody at all\"")]
    [InlineData("愛子 <ai@x.org>\r", "\"愛子\",\"ai@x.org\"")]
    [InlineData("")]
    public async Task Everybody_of_a_line_becomes_a_row(string line, params string[] rows)
    {
        var (code, output) = await Script.RunAsync(ToCsv, line + "\n");

        Assert.Equal(0, code);
        Assert.Equal(["name,email", .. rows], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Duplicates_stay_for_the_import_to_answer()
    {
        var (_, output) = await Script.RunAsync(ToCsv, "A <a@x.org>\nA <A@x.org>\nA <a@x.org>\n");

        Assert.Equal("name,email\n\"A\",\"a@x.org\"\n\"A\",\"A@x.org\"\n\"A\",\"a@x.org\"\n", output);
    }
}
