using System.Buffers.Text;
using CsCheck;
using Roster.Core.Requests;
using Xunit;

namespace Roster.Tests.Requests;

public sealed class CursorTests
{
    [Fact]
    public void A_cursor_gives_its_key_back_to_its_own_list() => Gen.Select(Gen.String, Gen.Byte.Array[0, 300]).Sample((filters, key) =>
        Cursor.TryRead(Cursor.Write(filters, key), filters, out var read) && read.AsSpan().SequenceEqual(key));

    [Fact]
    public void A_cursor_is_refused_by_every_other_list() => Gen.Select(Gen.String, Gen.String, Gen.Byte.Array[0, 30]).Sample((mine, other, key) =>
        mine == other || (!Cursor.TryRead(Cursor.Write(mine, key), other, out var read) && read.Length == 0));

    [Fact]
    public void Garbage_is_no_cursor_and_never_throws()
    {
        Gen.String.Sample(text => !Cursor.TryRead(text, "users", out _));
        Gen.Byte.Array[0, 60].Sample(bytes => !Cursor.TryRead(Base64Url.EncodeToString(bytes), "users", out _));
        Gen.Char["AQabz09-_= \n+/."].Array[0, 40].Sample(chars => !Cursor.TryRead(new string(chars), "users", out _));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\n")]
    public void White_space_in_a_cursor_is_refused(string space)
    {
        var cursor = Cursor.Write("users", [1, 2, 3]);
        Assert.All([space + cursor, cursor + space, cursor[..3] + space + cursor[3..]], text => Assert.False(Cursor.TryRead(text, "users", out _)));
    }

    [Fact]
    public void A_cursor_with_another_version_byte_or_cut_short_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(Cursor.Write("users", []));
        Assert.Equal(9, bytes.Length);
        Assert.False(Cursor.TryRead(Base64Url.EncodeToString(bytes.AsSpan(0, 8)), "users", out _));
        bytes[0]++;
        Assert.False(Cursor.TryRead(Base64Url.EncodeToString(bytes), "users", out _));
    }
}
