using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Roster.Cli.Settings;
using Roster.Email;
using Roster.Email.Smtp;
using Xunit;

namespace Roster.Tests.Cli.Settings;

public sealed class EmailSettingsTests
{
    private const string Smtp = "Roster:Email:Smtp";
    private const string From = "Roster:Email:From";
    private const string Password = "p4ss";

    [Fact]
    public void Mails_are_files_until_a_server_is_named()
    {
        Assert.Equal(new FolderOptions(Path.Combine("data", "outbox")), Read().Destination);
        Assert.Equal(new FolderOptions("/mails"), Read(("Roster:Email:Directory", "/mails")).Destination);
        Assert.Equal("roster@localhost", Read().From.Mailbox.Address);
    }

    [Theory]
    [InlineData("smtp://mail.example.com", 25, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtp://mail.example.com:587", 587, SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtps://mail.example.com", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("smtp://me:p4ss@mail.example.com:587", 587, SecureSocketOptions.StartTls)]
    [InlineData("smtps://me:p4ss@mail.example.com?certificate=trusted", 465, SecureSocketOptions.SslOnConnect)]
    [InlineData("smtp://mail.example.com?starttls=always", 25, SecureSocketOptions.StartTls)]
    [InlineData("smtp://mail.example.com/?starttls=never", 25, SecureSocketOptions.None)]
    [InlineData("smtp://me:p4ss@127.0.0.1?starttls=never", 25, SecureSocketOptions.None)]
    public void A_server_is_an_address(string address, int port, SecureSocketOptions security)
    {
        var server = Assert.IsType<SmtpOptions>(Read((Smtp, address), (From, "mail@example.com")).Destination);
        Assert.Equal((port, security, false), (server.Port, server.Security, server.TakesAnyCertificate));
        Assert.Equal(address.Contains('@', StringComparison.Ordinal) ? ("me", Password) : (null, null), (server.User, server.Password));
        Assert.DoesNotContain(Password, $"{server}", StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_patience_and_any_certificate_can_be_set()
    {
        var server = (SmtpOptions)Read(
            (Smtp, "smtp://m%3A:a%40b%3Ac@[::1]:2525?starttls=always&certificate=any"), (From, "mail@example.com"),
            ("Roster:Email:Connections", "9"), ("Roster:Email:Timeout", "90 s")).Destination;
        Assert.Equal(("::1", "m:", "a@b:c", true), (server.Host, server.User, server.Password, server.TakesAnyCertificate));
        Assert.Equal((9, TimeSpan.FromSeconds(90)), (server.Connections, server.SendTimeout));
    }

    [Theory]
    [InlineData("mail.example.com", "is no address of a mail server")]
    [InlineData("https://me:p4ss@mail.example.com", "is no address of a mail server")]
    [InlineData("smtp://me:p4ss@mail.example.com/path", "is no address of a mail server")]
    [InlineData("smtp://me:p4ss@mail.example.com?starttls=sometimes", "has an option that there is not")]
    [InlineData("smtps://me:p4ss@mail.example.com?starttls=never", "has an option that there is not")]
    [InlineData("smtp://me:p4ss@mail.example.com?starttls=never", "would send its password unencrypted")]
    [InlineData("smtp://me:p4ss@mail.example.com?starttls=whenAvailable", "would send its password unencrypted")]
    [InlineData("smtp://me@mail.example.com", "names a user without a password")]
    public void A_wrong_server_is_refused_without_showing_its_password(string address, string problem)
    {
        var refusal = Refusal((Smtp, address), (From, "mail@example.com"));
        Assert.StartsWith($"{Smtp} {problem}: write smtp://", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_wrong_settings_are_refused()
    {
        Assert.StartsWith($"{Smtp} is set without {From}: write ", Refusal((Smtp, "smtp://mail.example.com")), StringComparison.Ordinal);
        Assert.StartsWith($"{From} is \"me\": write a sender", Refusal((From, "me")), StringComparison.Ordinal);
        Assert.Contains("are both set", Refusal((Smtp, "smtp://a"), (From, "a@b"), ("Roster:Email:Directory", "x")), StringComparison.Ordinal);
        Assert.StartsWith("Roster:Email:Templates: The mail template", Refusal(("Roster:Email:Templates", "/nowhere")), StringComparison.Ordinal);
        Assert.StartsWith("Roster:Email:Timeout is", Refusal(("Roster:Email:Timeout", "0 s")), StringComparison.Ordinal);
        Assert.Equal("Roster:Email:Sender is no setting of Roster: correct or remove it (docs/settings.md lists all).", Refusal(("Roster:Email:Sender", "a@b")));
    }

    private static string Refusal(params (string Key, string Value)[] settings) => Assert.Throws<SettingsException>(() => Read(settings)).Message;

    private static EmailOptions Read(params (string Key, string Value)[] settings) => RosterSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Key, string? (pair) => pair.Value)).Build(), urls: null, data: null).Email;
}
