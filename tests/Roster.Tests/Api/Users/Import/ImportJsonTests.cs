using System.Text;
using Roster.Api.Users.Import;
using Roster.Core.Requests;
using Xunit;

namespace Roster.Tests.Api.Users.Import;

public sealed class ImportJsonTests
{
    [Fact]
    public void A_line_becomes_a_sign_up()
    {
        var errors = new ValidationErrors();
        var request = ImportJson.Parse("""{"email":"a@b.c","attributes":{"x":[1]},"name":"A"}"""u8, "import", errors);

        Assert.True(errors.None);
        Assert.Equal(("A", "a@b.c", "import"), (request!.Name, request.Email, request.Source));
        Assert.Equal("""{"x":[1]}""", request.Attributes!.Value.GetRawText());
    }

    [Theory]
    [InlineData("[]", "line must be a JSON object")]
    [InlineData("nonsense", "line is not valid JSON near byte 1")]
    [InlineData("""{"name":"A","email":"a@b.c"} {}""", "line is not valid JSON near byte 30")]
    [InlineData("""{"name":1,"email":["a@b.c"]}""", "email must be a string; name must be a string")]
    [InlineData("""{"name":null}""", "name must be a string")]
    [InlineData("""{"name":"A","name":"B"}""", "name is given twice")]
    [InlineData("""{"name":"A","phone":{"a":[]}}""", "phone is not a known field")]
    [InlineData("""{"name":"\ud800"}""", "name must not contain a lone surrogate")]
    [InlineData("""{"\ud800":1}""", "(a name with a lone surrogate) is not a known field")]
    public void What_is_wrong_with_a_line_is_said(string line, string sentence)
    {
        var errors = new ValidationErrors();

        Assert.Null(ImportJson.Parse(Encoding.UTF8.GetBytes(line), null, errors));
        Assert.Equal(sentence, errors.ToString());
    }

    [Fact]
    public void Invalid_UTF8_is_refused()
    {
        var errors = new ValidationErrors();

        Assert.Null(ImportJson.Parse([.. "{\"name\":\""u8, 0xC3, .. "\"}"u8], null, errors));
        Assert.Equal("line is not valid UTF-8", errors.ToString());
    }

    [Fact]
    public void Deep_nesting_and_long_names_do_not_swell_the_answer()
    {
        var errors = new ValidationErrors();
        ImportJson.Parse(Encoding.UTF8.GetBytes(new string('[', 5000)), null, errors);
        ImportJson.Parse(
            Encoding.UTF8.GetBytes($$"""{{{string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"{new string('n', 100)}{i}\":1"))}}}"""), null, errors);

        Assert.InRange(errors.ToString().Length, 1, 1000);
    }
}
