using Roster.Core.Requests;
using Xunit;

namespace Roster.Tests.Requests;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("Ada", null)]
    [InlineData("😀😀😀😀", null)]
    [InlineData("😀😀😀😀😀", "must be at most 4 characters (has 5)")]
    [InlineData("", "must not be blank")]
    [InlineData(" \t\u00a0", "must not be blank")]
    [InlineData("a\0", "must not contain U+0000")]
    public void A_text_is_counted_in_characters_and_must_be_whole(string text, string? problem) =>
        Assert.Equal(problem, PlainText.ProblemOf(text, 4));

    [Fact]
    public void A_lone_surrogate_is_refused() => Assert.All(
        ["0\ud83d1", "\ude00", "a\ud83d"],
        text => Assert.Equal("must not contain a lone surrogate", PlainText.ProblemOf(text, 4)));

    [Fact]
    public void A_copy_of_errors_can_grow_alone()
    {
        var first = new ValidationErrors().Add("name", "is wrong");
        var second = new ValidationErrors(first).Add("name", "is long").AddMissing("name").AddMissing("email");
        Assert.Equal("name is wrong", first.ToString());
        Assert.Equal("email is missing; name is wrong; name is long", second.ToString());
    }
}
