using Microsoft.Extensions.Time.Testing;
using Roster.Api.Auth;
using Roster.Api.Auth.Jwt;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class TokenCacheTests
{
    private static readonly Identity Somebody = new(Caller.System, Scopes.UsersRead);

    private readonly FakeTimeProvider time = new();

    [Theory]
    [InlineData(300, 59, true)]
    [InlineData(300, 61, false)]
    [InlineData(10, 9, true)]
    [InlineData(10, 11, false)]
    [InlineData(-5, 0, false)]
    public void A_token_is_remembered_for_a_minute_and_not_beyond_its_end(int validFor, int after, bool known)
    {
        var cache = new TokenCache(time);
        cache.Add(Token(1), Somebody, time.GetUtcNow().AddSeconds(validFor));
        time.Advance(TimeSpan.FromSeconds(after));
        Assert.Equal(known, cache.Find(Token(1)) is not null);
        Assert.Null(cache.Find(Token(2)));
    }

    [Fact]
    public void Only_so_many_are_remembered_and_the_latest_among_them()
    {
        var cache = new TokenCache(time);
        foreach (var n in Enumerable.Range(0, 30_000))
        {
            cache.Add(Token(n), Somebody, time.GetUtcNow().AddHours(1));
        }

        Assert.InRange(Enumerable.Range(0, 30_000).Count(n => cache.Find(Token(n)) is not null), 5_000, 10_000);
        Assert.NotNull(cache.Find(Token(29_999)));
    }

    private static Hash256 Token(int n) => KeyToken.HashOf($"token {n}");
}
