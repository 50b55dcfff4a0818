using System.Text;
using Roster.Email;
using Roster.Email.Templates;
using Xunit;

namespace Roster.Tests.Email;

public sealed class TemplateTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-");

    [Fact]
    public async Task Templates_of_ones_own_are_used()
    {
        Write(subject: "Hi\n", text: "{{ name }} {{email}}\n{{userId}}\n{{signedUpAt}}", html: "\ufeff<i>{{name}}</i>");
        var kept = new KeptMails();
        await using var mails = new SignUpMails(
            new EmailOptions { From = Sender.Parse("mail@example.com")!, Destination = new FolderOptions("unused"), Templates = MailTemplates.Read(folder.FullName) }, kept);
        var message = SignUps.Of("<Ada>", "ada@example.com");
        await mails.HandleAsync(message, CancellationToken.None);
        var mail = new ReadMail(kept.All.Single());
        Assert.Equal("Hi", mail.Decoded("Subject"));
        Assert.Equal($"<Ada> ada@example.com\r\n{message.User.Value}\r\n2026-01-31 12:05 UTC", mail.Parts[0].Text);
        Assert.Equal("<i>&lt;Ada&gt;</i>", mail.Parts[1].Text);
    }

    [Theory]
    [InlineData("Hello {{nome}}", "signUp.txt has \"{{nome}}\": write one of {{name}}, {{email}}, {{userId}}, {{signedUpAt}}.")]
    [InlineData("Hello {{name", "signUp.txt has \"{{name\": write one of ")]
    [InlineData("{{}}", "signUp.txt has \"{{}}\": write one of ")]
    public void A_place_that_there_is_not_is_refused(string text, string why)
    {
        Write(text: text);
        Assert.Contains(why, Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_three_files_must_be_there_and_be_text()
    {
        Write();
        File.Move(Path.Combine(folder.FullName, "signUp.html"), Path.Combine(folder.FullName, "signup.html"));
        Assert.Contains("signUp.html cannot be read", Refusal(), StringComparison.Ordinal);
        Write();
        File.WriteAllBytes(Path.Combine(folder.FullName, "signUp.txt"), [0xC3, 0x28]);
        Assert.Contains("signUp.txt is not UTF-8", Refusal(), StringComparison.Ordinal);
        Write(html: new string('x', 300_000));
        Assert.Contains("signUp.html is larger than 256 KiB", Refusal(), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Refusal() => Assert.Throws<TemplateException>(() => MailTemplates.Read(folder.FullName)).Message;

    private void Write(string subject = "s", string text = "t", string html = "h")
    {
        foreach (var (name, content) in ((string, string)[])[("subject.txt", subject), ("txt", text), ("html", html)])
        {
            File.WriteAllText(Path.Combine(folder.FullName, $"signUp.{name}"), content, new UTF8Encoding(false));
        }
    }
}
