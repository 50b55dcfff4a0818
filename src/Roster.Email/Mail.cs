using System.Text;
using MimeKit;

namespace Roster.Email;

/// <summary>A mail on its way.</summary>
/// <param name="EventId">The event it comes from: its name wherever something must happen once.</param>
/// <param name="Message">The mail.</param>
internal sealed record Mail(Guid EventId, MimeMessage Message)
{
    /// <summary>
    /// Whether its recipient's local part is outside ASCII (RFC 6531): not every server takes that. A domain never is a
    /// reason: it has a form in ASCII.
    /// </summary>
    public bool IsInternational => !Message.To.Mailboxes.All(mailbox => Ascii.IsValid(mailbox.LocalPart));

    /// <summary>How it is written: line ends of the internet, UTF-8 in headers only where nothing else will do.</summary>
    public FormatOptions Format()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = IsInternational;
        return format;
    }
}
