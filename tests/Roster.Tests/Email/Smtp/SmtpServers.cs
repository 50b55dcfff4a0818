using Roster.Email;
using Roster.Email.Smtp;

namespace Roster.Tests.Email.Smtp;

/// <summary>Mails to a server by its address.</summary>
internal static class SmtpServers
{
    public static SignUpMails Mails(string address, Func<SmtpOptions, SmtpOptions>? change = null)
    {
        var server = SmtpOptions.Parse(address, out var problem) ?? throw new InvalidOperationException(problem);
        return new SignUpMails(
            new EmailOptions { From = Sender.Parse("Roster <mail@example.com>")!, Destination = change?.Invoke(server) ?? server },
            TimeProvider.System);
    }
}
