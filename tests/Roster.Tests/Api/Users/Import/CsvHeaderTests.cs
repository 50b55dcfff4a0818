using Roster.Api.Users.Import;
using Xunit;

namespace Roster.Tests.Api.Users.Import;

public sealed class CsvHeaderTests
{
    [Theory]
    [InlineData("name,email", 0, 1)]
    [InlineData(" Email ,\"NAME\"", 1, 0)]
    public void Columns_may_stand_in_any_order(string record, int name, int email) =>
        Assert.Equal(new CsvHeader(name, email), CsvHeader.Parse(record, out _));

    [Theory]
    [InlineData("name", "The header must name name and email.")]
    [InlineData("name,name", "The header names a column twice.")]
    [InlineData("name,email,phone", "The column \"phone\" is unknown: the header must name name and email.")]
    [InlineData("name,\"email", "The header has a quote that is not closed.")]
    public void Any_other_header_is_refused(string record, string sentence)
    {
        Assert.Null(CsvHeader.Parse(record, out var problem));
        Assert.Equal(sentence, problem);
    }

    [Theory]
    [InlineData("a", "has 1 field, not 2")]
    [InlineData("a,b,c", "has 3 fields, not 2")]
    [InlineData("\"a\"b,c", "has text behind a closing quote")]
    public void A_record_of_another_shape_is_refused(string record, string problem) =>
        Assert.Equal(problem, new CsvHeader(0, 1).Read(System.Text.Encoding.UTF8.GetBytes(record), []));

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Equal("is not valid UTF-8", new CsvHeader(0, 1).Read([(byte)'a', (byte)',', 0xFF], []));
}
