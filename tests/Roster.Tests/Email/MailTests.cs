using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Roster.Core.Text;
using Roster.Email;
using Roster.Tests.Text;
using Xunit;

namespace Roster.Tests.Email;

/// <summary>What goes out, whatever people call themselves.</summary>
public sealed partial class MailTests
{
    private const string Ada = "ada@example.com";
    private static readonly Guid Id = new("01890a5d-ac96-774b-bcce-b302099a8057");

    private static readonly string[] Names = ["From", "Date", "Subject", "Message-Id", "To", "Auto-Submitted", "MIME-Version", "Content-Type"];

    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf("\r\n", "\n", "\r", "\r\nBcc: eve@example.com\r\n", "\r\n\r\nbody", "\u2028", "\u2029", "\u0085", "\v", "\f", "\u0000", "\u001b[31m"),
        Gen.OneOf("<script>alert(1)</script>", "<", ">", "&", "\"", "'", "&amp;", "</p>", "{{email}}", "{{", "}}", "=?utf-8?Q?=0D=0ABcc:_eve?=", "=?"),
        Gen.OneOf("\u202e", "\u2066", "\ufeff", "\u200d", "😀", "Ж", "名", "a", "Ada", " ", "\\", ",", ";", "@", "(", ")", "[", ":", "eve@example.com"),
        AnyText.Text);

    private static readonly Gen<string> AnyName = Piece.Array[0, 40]
        .Select(pieces => string.Concat(string.Concat(pieces).EnumerateRunes()));

    [Fact]
    public void A_sign_up_gets_a_mail_in_text_and_in_HTML()
    {
        var mail = new ReadMail(KeptMails.BytesOf("Ada Lovelace", Ada, Id));
        Assert.Equal(Names.Order(StringComparer.Ordinal), mail.Headers.Select(header => header.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Roster <mail@example.com>", mail.Decoded("From"));
        Assert.Equal("Ada Lovelace <ada@example.com>", mail.Decoded("To").Replace("\"", string.Empty, StringComparison.Ordinal));
        Assert.Equal("Welcome, Ada Lovelace", mail.Decoded("Subject"));
        Assert.Equal("<01890a5dac96774bbcceb302099a8057@example.com>", mail.Single("Message-Id"));
        Assert.Equal("Sat, 31 Jan 2026 12:05:07 +0000", mail.Single("Date"));
        Assert.Equal("auto-generated", mail.Single("Auto-Submitted"));
        Assert.Equal(["text/plain", "text/html"], mail.Parts.Select(part => part.Type));
        Assert.Contains("Hello Ada Lovelace,\r\n", mail.Parts[0].Text, StringComparison.Ordinal);
        Assert.Contains("<p>Hello Ada Lovelace,</p>", mail.Parts[1].Text, StringComparison.Ordinal);
        Assert.All(mail.Parts, part => Assert.Contains(Ada, part.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_event_gives_the_same_bytes() =>
        Assert.Equal(KeptMails.BytesOf("Ada ❤", Ada, Id), KeptMails.BytesOf("Ada ❤", Ada, Id));

    /// <summary>All mails are from one mailbox, and MimeKit's mails listen to theirs.</summary>
    [Fact]
    public async Task A_mail_that_is_on_its_way_is_kept_by_nobody()
    {
        var watched = new WatchedMails();
        await using var sending = new SignUpMails(new EmailOptions { From = Sender.Parse("Roster <mail@example.com>")!, Destination = new FolderOptions("unused") }, watched);
        await sending.HandleAsync(SignUps.Of("Ada", Ada, id: Id), TestContext.Current.CancellationToken);
        await Bounded.UntilAsync(
            () =>
            {
                GC.Collect();
                return !watched.Last!.TryGetTarget(out _);
            },
            "the mail is collected");
    }

    [Fact]
    public void No_name_makes_a_header_or_a_recipient() => AnyName.Sample(name =>
    {
        var bytes = KeptMails.BytesOf(name, Ada, Id);
        var mail = new ReadMail(bytes);
        Assert.Equal(Names.Order(StringComparer.Ordinal), mail.Headers.Select(header => header.Name).Order(StringComparer.Ordinal));
        Assert.Equal([Ada], Recipients(mail.Single("To")));
        Assert.Equal($"<{Id:N}@example.com>", mail.Single("Message-Id"));
        Assert.All(mail.Head.Split("\r\n"), line => Assert.True(Printable().IsMatch(line) && line.Length <= 998, line));
        Assert.All(bytes, octet => Assert.True(octet is >= 0x20 and < 0x7F or (byte)'\r' or (byte)'\n' or (byte)'\t', $"octet {octet}"));
        Assert.False(Encoding.ASCII.GetString(bytes).Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n'));
        Assert.Equal(2, mail.Parts.Count);
    });

    [Fact]
    public void A_subject_holds_the_name_on_one_line() => AnyName.Sample(name =>
    {
        var line = OneLine.Of(name);
        Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e' or '\u2066');
        var expected = string.Concat(OneLine.Of($"Welcome, {line}").EnumerateRunes().Take(250));

        // What looks encoded in a name is no encoding; what decodes here cannot tell.
        Assert.True(name.Contains("=?", StringComparison.Ordinal) || new ReadMail(KeptMails.BytesOf(name, Ada)).Decoded("Subject") == expected, expected);
    });

    [Fact]
    public void No_name_gets_into_the_HTML_unescaped()
    {
        var empty = Tags(HtmlOf(string.Empty));
        AnyName.Sample(name =>
        {
            var html = HtmlOf(name);
            Assert.Equal(empty, Tags(html));
            var shown = WebUtility.HtmlDecode(Hello().Match(html).Groups["name"].Value);
            Assert.Equal(OneLine.Of(name), shown);
        });
    }

    [Fact]
    public void No_name_makes_a_line_in_the_text() => AnyName.Sample(name =>
    {
        var text = new ReadMail(KeptMails.BytesOf(name, Ada)).Parts[0].Text;
        Assert.Equal($"Hello {OneLine.Of(name)},", text.Split("\r\n")[0]);
        Assert.Equal(5, text.Split("\r\n").Length);
    });

    [Theory]
    [InlineData("Ada@MÜNCHEN.de", "Ada@xn--mnchen-3ya.de")]
    [InlineData(" ada@example.com ", "ada@example.com")]
    [InlineData("o'brien+tag@example.com", "o'brien+tag@example.com")]
    [InlineData("a@日本語。jp", "a@xn--wgv71a119e.jp")]
    public void An_address_has_its_domain_in_ASCII(string given, string sentTo) =>
        Assert.Equal([sentTo], Recipients(new ReadMail(KeptMails.BytesOf("Ada", given)).Single("To")));

    [Fact]
    public void Every_address_that_can_sign_up_can_be_written_to() => AnyText.Address.Sample(address =>
    {
        if (EmailAddress.TryParse(address, out var email, out _))
        {
            var to = Encoding.UTF8.GetString(KeptMails.BytesOf("Ada", address)).Split("\r\n").Single(line => line.StartsWith("To: ", StringComparison.Ordinal));
            var (local, domain) = (email.Given[..email.Given.LastIndexOf('@')], email.Key[(email.Key.LastIndexOf('@') + 1)..]);
            Assert.Contains($"<{local}@{(Ascii.IsValid(local) ? domain : string.Empty)}", to, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void A_long_name_is_whole_in_the_text_and_no_line_is_too_long()
    {
        var name = string.Concat(Enumerable.Repeat("Ж", 200));
        var mail = new ReadMail(KeptMails.BytesOf(name, $"{new string('a', 64)}@{new string('b', 63)}.{new string('c', 63)}.example"));
        Assert.Equal($"Hello {name},", mail.Parts[0].Text.Split("\r\n")[0]);
        Assert.Equal($"Welcome, {name}", mail.Decoded("Subject"));
        Assert.All(mail.Head.Split("\r\n"), line => Assert.True(line.Length <= 320, line));
    }

    private static string HtmlOf(string name) => new ReadMail(KeptMails.BytesOf(name, Ada)).Parts[1].Text;

    private static IReadOnlyList<string> Tags(string html) => [.. Tag().Matches(html).Select(tag => tag.Value)];

    // After quoted names: what is left of a To header is its addresses.
    private static IReadOnlyList<string> Recipients(string to) =>
        [.. QuotedString().Replace(to, string.Empty).Split(',').Select(one => Address().Match(one).Groups["address"].Value)];

    [GeneratedRegex(@"^[\x20-\x7E\t]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Printable();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("<p>Hello (?<name>[^<]*),</p>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hello();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\])*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuotedString();

    [GeneratedRegex("(^|<)(?<address>[^<> ]+@[^<> ]+)(>|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    private sealed class WatchedMails : IMailDestination
    {
        public WeakReference<Mail>? Last { get; private set; }

        public Task DeliverAsync(Mail mail, CancellationToken cancellation)
        {
            Last = new WeakReference<Mail>(mail);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => default;
    }
}
