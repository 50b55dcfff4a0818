using CsCheck;
using Roster.Core.Keys;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Keys;

public sealed class KeyTokenTests
{
    [Fact]
    public void A_new_token_is_read_back_as_its_id_and_hash()
    {
        var (id, hash, token) = KeyToken.Create();
        Assert.Matches("^rk_[0-9a-z]{16}_[A-Za-z0-9_-]{43}$", token);
        Assert.True(KeyToken.TryRead(token, out var readId, out var readHash));
        Assert.Equal(id, readId);
        Assert.True(KeyToken.Match(hash, readHash));
    }

    [Fact]
    public void No_two_tokens_are_alike()
    {
        var made = Enumerable.Range(0, 1000).Select(_ => KeyToken.Create()).ToList();
        Assert.Equal(1000, made.Select(key => key.Id).Distinct().Count());
        Assert.Equal(1000, made.Select(key => key.Token).Distinct().Count());
    }

    [Fact]
    public void Another_secret_has_another_hash() => Gen.Int[20, 62].Sample(at =>
    {
        var (_, hash, token) = KeyToken.Create();
        var changed = string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1));
        return KeyToken.TryRead(changed, out _, out var other) && !KeyToken.Match(hash, other) && hash != other;
    });

    [Fact]
    public void Other_text_is_no_token_and_never_throws()
    {
        Gen.String.Sample(text => !KeyToken.TryRead(text, out var id, out _) && id is null);
        var token = KeyToken.Create().Token;
        Assert.All(
            [token[..^1], token + "A", "RK_" + token[3..], token.Replace("rk_", "rk-", StringComparison.Ordinal), token[..19] + "-" + token[20..], " " + token[1..]],
            text => Assert.False(KeyToken.TryRead(text, out _, out _)));
    }

    [Fact]
    public void A_long_secret_is_hashed_like_a_short_one()
    {
        var secret = new string('ß', 5000);
        Assert.Equal(Hash256.Of(System.Text.Encoding.UTF8.GetBytes(secret)), KeyToken.HashOf(secret));
        Assert.Equal(Hash256.Of("ß"u8), KeyToken.HashOf("ß"));
    }
}
