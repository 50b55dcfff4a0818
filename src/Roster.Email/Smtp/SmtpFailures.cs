using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Roster.Core.Events.Consuming;

namespace Roster.Email.Smtp;

/// <summary>
/// What a failure means: for every mail, for this one for ever, or for this one for now. A reply is said with its code
/// and text, which the server chose; nothing of the account is.
/// </summary>
internal static class SmtpFailures
{
    private const int MaxReply = 200;

    /// <summary>Failures that come while a connection is made: nothing can be sent.</summary>
    public static ConsumerUnavailableException OfConnecting(SmtpOptions server, Exception e) => new(
        e switch
        {
            AuthenticationException => $"The mail server {server} refuses the account: check its user and password.",
            SslHandshakeException => $"The mail server {server} has a certificate that is not trusted here.",
            NotSupportedException => $"The mail server {server} does not offer what Roster:Email:Smtp asks for: check starttls and the account.",
            OperationCanceledException or TimeoutException => $"The mail server {server} does not answer.",
            SocketException => $"The mail server {server} cannot be reached.",
            SmtpCommandException command => $"The mail server {server} lets nobody in: {ReplyOf(command)}",
            _ => $"The mail server {server} broke the connection off.",
        },
        e);

    /// <summary>Failures that come while a mail is sent.</summary>
    public static Exception OfSending(SmtpOptions server, Exception e) => e switch
    {
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } closing =>
            new ConsumerUnavailableException($"The mail server {server} takes nothing now: {ReplyOf(closing)}", e),
        ServiceNotAuthenticatedException or SmtpCommandException { StatusCode: SmtpStatusCode.AuthenticationRequired } =>
            new ConsumerUnavailableException($"The mail server {server} wants an account in Roster:Email:Smtp.", e),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } sender when !IsAboutSize(sender) =>
            new ConsumerUnavailableException($"The mail server {server} does not take mails from Roster:Email:From: {ReplyOf(sender)}", e),
        SmtpCommandException command when (int)command.StatusCode >= 500 =>
            new PoisonEventException($"The mail server {server} refuses this mail for good: {ReplyOf(command)}", e),
        SmtpCommandException command =>
            new MailDeferredException($"The mail server {server} does not take this mail now: {ReplyOf(command)}", e),
        NotSupportedException =>
            new PoisonEventException($"The mail server {server} does not know addresses like this one (RFC 6531).", e),
        OperationCanceledException or TimeoutException =>
            new ConsumerUnavailableException($"The mail server {server} does not answer; the mail may have been taken.", e),
        IOException or SocketException or ProtocolException or ServiceNotConnectedException =>
            new MailDeferredException($"The mail server {server} broke the connection off; the mail may have been taken.", e),
        _ => e,
    };

    private static bool IsAboutSize(SmtpCommandException e) => e.StatusCode == SmtpStatusCode.ExceededStorageAllocation;

    private static string ReplyOf(SmtpCommandException e)
    {
        var text = OneLine.Of(e.Message);
        return $"{(int)e.StatusCode} {string.Concat(text.EnumerateRunes().Take(MaxReply))}";
    }
}
