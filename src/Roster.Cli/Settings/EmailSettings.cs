using Roster.Email;
using Roster.Email.Smtp;
using Roster.Email.Templates;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Email</c>: where the mails of sign-ups go.</summary>
internal static class EmailSettings
{
    private const string Smtp = "Email:Smtp";
    private const string Folder = "Email:Directory";
    private const string From = "Email:From";
    private const string Templates = "Email:Templates";
    private const string StandardFolder = "outbox";
    private const string StandardSender = "Roster <roster@localhost>";

    /// <param name="reader">The settings.</param>
    /// <param name="data">The data folder, under which mails go by default.</param>
    public static EmailOptions Read(SettingsReader reader, string data)
    {
        var (smtp, folder) = (reader.Text(Smtp), reader.Text(Folder));
        var connections = reader.Number("Email:Connections", 4, 1, 100);
        var timeout = reader.Duration("Email:Timeout", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1));
        if (smtp is not null && folder is not null)
        {
            throw new SettingsException($"Roster:{Smtp} and Roster:{Folder} are both set: mails go to one place, so remove one.");
        }

        return new EmailOptions
        {
            From = SenderOf(reader.Text(From), smtp),
            Destination = smtp is null ? new FolderOptions(folder ?? Path.Combine(data, StandardFolder))
                : ServerOf(smtp) with { Connections = connections, SendTimeout = timeout },
            Templates = TemplatesOf(reader.Text(Templates)),
        };
    }

    // The address is not shown: it may hold a password.
    private static SmtpOptions ServerOf(string address) => SmtpOptions.Parse(address, out var problem)
        ?? throw new SettingsException($"Roster:{Smtp} {problem}: write {SmtpOptions.Form}.");

    private static Sender SenderOf(string? text, string? smtp) =>
        text is null && smtp is not null
            ? throw new SettingsException($"Roster:{Smtp} is set without Roster:{From}: write the sender there, such as Roster <mail@example.com>.")
            : Sender.Parse(text ?? StandardSender) ?? throw SettingsReader.Wrong(From, text!, "a sender such as Roster <mail@example.com>");

    private static MailTemplates TemplatesOf(string? folder)
    {
        try
        {
            return folder is null ? MailTemplates.Standard : MailTemplates.Read(folder);
        }
        catch (TemplateException e)
        {
            throw new SettingsException($"Roster:{Templates}: {e.Message}");
        }
    }
}
