using System.Buffers.Text;
using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public sealed class StrictBase64UrlTests
{
    [Fact]
    public void What_was_encoded_is_decoded() => Gen.Byte.Array[1, 60].Sample(bytes =>
        StrictBase64Url.TryDecode(Base64Url.EncodeToString(bytes), out var decoded) && decoded.AsSpan().SequenceEqual(bytes));

    [Fact]
    public void A_value_has_one_text_alone() => Gen.Char["AQgw-_=% \t\n+/."].Array[0, 9].Select(letters => new string(letters)).Sample(text =>
        !StrictBase64Url.TryDecode(text, out var decoded) || Base64Url.EncodeToString(decoded) == text);

    [Theory]
    [InlineData("")]
    [InlineData("AA==")]
    [InlineData("AA%%")]
    [InlineData(" AAAA")]
    [InlineData("AA\nAA")]
    [InlineData("AB")]
    [InlineData("A")]
    [InlineData("AA+A")]
    public void What_the_encoder_would_not_write_is_refused(string text) => Assert.False(StrictBase64Url.TryDecode(text, out _));
}
