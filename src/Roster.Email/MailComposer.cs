using System.Globalization;
using System.Text;
using MimeKit;
using MimeKit.Text;
using Roster.Core.Events.Consuming;
using Roster.Core.Text;
using Roster.Email.Templates;

namespace Roster.Email;

/// <summary>
/// Makes a mail of a sign-up. The same event always gives the same bytes, and the same <c>Message-ID</c>, by which a
/// receiver can drop what came twice.
/// </summary>
internal sealed class MailComposer(Sender from, MailTemplates templates)
{
    /// <summary>Longest subject in characters (Unicode scalar values); a name alone may have 200.</summary>
    private const int MaxSubject = 250;

    public Mail Compose(SignUp signUp)
    {
        var values = new TemplateValues(signUp);
        var id = signUp.EventId.ToString("N");
        var message = new MimeMessage
        {
            MessageId = $"{id}@{from.Domain}",
            Date = signUp.At,
            Subject = SubjectOf(values),
            Body = BodyOf(values, id),
        };

        // A mail listens to its addresses for changes: one mailbox for all of them would keep every mail for ever.
        message.From.Add(from.Mailbox.Clone());
        message.To.Add(RecipientOf(signUp));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");

        // For those who cannot take anything but seven bits; then no server has a reason to rewrite it.
        message.Prepare(EncodingConstraint.SevenBit);
        return new Mail(signUp.EventId, message);
    }

    private static MultipartAlternative BoundBy(string id) => new() { Boundary = string.Create(CultureInfo.InvariantCulture, $"roster-{id}") };

    private MultipartAlternative BodyOf(TemplateValues values, string id)
    {
        var body = BoundBy(id);
        body.Add(PartOf(TextFormat.Plain, templates.Text.Fill(values)));
        body.Add(PartOf(TextFormat.Html, templates.HtmlText.Fill(values)));
        return body;
    }

    private static TextPart PartOf(TextFormat format, string text)
    {
        var part = new TextPart(format);
        part.SetText(Encoding.UTF8, text.ReplaceLineEndings("\r\n"));
        return part;
    }

    private string SubjectOf(TemplateValues values)
    {
        var line = OneLine.Of(templates.Subject.Fill(values));
        return string.Concat(line.EnumerateRunes().Take(MaxSubject));
    }

    /// <summary>The name as a display name, the address with its domain in ASCII, as every server understands it.</summary>
    private static MailboxAddress RecipientOf(SignUp signUp)
    {
        var at = signUp.Email.LastIndexOf('@');
        if (!EmailAddress.TryParse(signUp.Email, out var email, out _) || !DomainName.TryToAscii(email.Given[(email.Given.LastIndexOf('@') + 1)..], out var domain))
        {
            throw new PoisonEventException($"The address of the event is none that mail can be sent to{(at < 0 ? ": it has no @" : string.Empty)}.");
        }

        var local = email.Given[..email.Given.LastIndexOf('@')];
        return new MailboxAddress(Encoding.UTF8, OneLine.Of(signUp.Name), $"{local}@{domain}");
    }
}
