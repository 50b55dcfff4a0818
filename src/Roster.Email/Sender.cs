using System.Text;
using MimeKit;
using Roster.Core.Text;

namespace Roster.Email;

/// <summary>Whom mails are from: a name, if any, and an address whose domain is ASCII.</summary>
public sealed class Sender
{
    private Sender(MailboxAddress mailbox, string domain) => (Mailbox, Domain) = (mailbox, domain);

    internal MailboxAddress Mailbox { get; }

    /// <summary>The domain of the address, in ASCII.</summary>
    internal string Domain { get; }

    /// <summary>Reads a sender such as <c>Roster &lt;mail@example.com&gt;</c>; null when it is none.</summary>
    public static Sender? Parse(string text) =>
        OneLine.Of(text) == text && MailboxAddress.TryParse(text, out var mailbox)
        && EmailAddress.TryParse(mailbox.Address, out _, out _) && DomainName.TryToAscii(mailbox.Domain, out var domain)
            ? new Sender(new MailboxAddress(Encoding.UTF8, mailbox.Name, $"{mailbox.LocalPart}@{domain}"), domain)
            : null;
}
