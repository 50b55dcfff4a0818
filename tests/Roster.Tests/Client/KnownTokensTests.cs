using Roster.Client;
using Xunit;

namespace Roster.Tests.Client;

public sealed class KnownTokensTests
{
    private readonly KnownTokens tokens = new();

    [Fact]
    public void A_token_takes_the_place_of_those_that_its_request_carried()
    {
        tokens.Replace([], "a");
        tokens.Replace(["a"], "ab");
        Assert.Equal(["ab"], tokens.Current());
    }

    [Fact]
    public void Tokens_of_writes_side_by_side_are_all_kept()
    {
        tokens.Replace([], "a");
        tokens.Replace([], "b");
        tokens.Replace([], "b");
        tokens.Replace(["a"], "ac");
        Assert.Equal(["b", "ac"], tokens.Current());
        tokens.Replace(["b", "ac"], "all");
        Assert.Equal(["all"], tokens.Current());
    }

    [Fact]
    public void So_many_that_no_header_would_hold_them_are_bounded()
    {
        for (var i = 0; i < 1_000; i++)
        {
            tokens.Replace([], $"{i}");
        }

        Assert.Equal(128, tokens.Current().Length);
        Assert.Equal("999", tokens.Current()[^1]);
    }
}
