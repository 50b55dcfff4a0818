using CsCheck;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class EmailAddressTests
{
    [Fact]
    public void Every_golden_key_is_what_it_was()
    {
        var vectors = Vectors.EmailKeys().ToList();
        Assert.True(vectors.Count >= 60);
        var wrong = vectors.Where(vector => KeyOf(vector.Address) != vector.Key)
            .Select(vector => $"{vector.Title}: {Vectors.Show(KeyOf(vector.Address) ?? "!")}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void An_idn_domain_and_its_punycode_are_one_address() =>
        Assert.Equal(KeyOf("info@MÜNCHEN.de"), KeyOf("Info@xn--mnchen-3ya.de"));

    [Fact]
    public void The_given_form_is_kept_but_for_white_space_around_it()
    {
        Assert.True(EmailAddress.TryParse(" Zoe\u0308@MÜNCHEN.de\n", out var email, out _));
        Assert.Equal("Zoe\u0308@MÜNCHEN.de", email.Given);
        Assert.Equal("zoë@xn--mnchen-3ya.de", email.Key);
    }

    [Fact]
    public void A_key_is_its_own_key()
    {
        var accepted = 0;
        AnyText.Address.Sample(text =>
        {
            var key = KeyOf(text);
            accepted += key is null ? 0 : 1;
            return key is null || KeyOf(key) == key;
        }, iter: 50_000, threads: 1);
        Assert.True(accepted > 5_000, $"only {accepted} addresses were valid: the property says little");
    }

    [Fact]
    public void Every_code_point_in_a_local_part_gives_a_key_that_is_its_own_key()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            var key = KeyOf($"x{AnyText.FromPoint(point)}\u0345\u0301@b.c");
            Assert.True(key is null || KeyOf(key) == key, $"U+{point:X4}");
        }
    }

    [Fact]
    public void Both_normal_forms_of_an_address_have_one_key() =>
        Assert.All(Vectors.PackedJson("text-vectors.tsv.gz"), row => Assert.Equal(KeyOf($"a{row[0]}@b.c"), KeyOf($"a{row[1]}@b.c")));

    [Theory]
    [InlineData("nobody", "must be an e-mail address such as name@example.com")]
    [InlineData("", "must be an e-mail address such as name@example.com")]
    public void A_refusal_says_what_to_write_instead(string text, string sentence)
    {
        Assert.False(EmailAddress.TryParse(text, out var email, out var error));
        Assert.Null(email);
        Assert.Equal(sentence, error);
    }

    [Fact]
    public void Too_long_an_address_is_told_so()
    {
        Assert.False(EmailAddress.TryParse(new string('a', 300) + "@example.com", out _, out var error));
        Assert.Equal("must be at most 254 characters long", error);
    }

    [Fact]
    public void A_plain_address_allocates_next_to_nothing()
    {
        const string address = "ada.lovelace@example.com";
        Assert.True(EmailAddress.TryParse(address, out var email, out _));
        Assert.Same(address, email.Given);
        Assert.Same(address, email.Key);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = true;
        for (var i = 0; i < 1_000; i++)
        {
            accepted &= EmailAddress.TryParse(address, out _, out _);
        }

        // 32 bytes each in a release build; unoptimised code boxes a little.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
        Assert.True(accepted);
    }

    private static string? KeyOf(string text) => EmailAddress.TryParse(text, out var email, out _) ? email.Key : null;
}
