using MailKit.Net.Smtp;

namespace Roster.Email.Smtp;

/// <summary>A mail server.</summary>
internal sealed class SmtpDestination(SmtpOptions server, TimeProvider time) : IMailDestination
{
    private readonly SmtpConnections connections = new(server, time);

    public async Task DeliverAsync(Mail mail, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var client = await connections.RentAsync(mail.IsInternational, cancellation);
            var failure = await SendAsync(client, mail);
            connections.Return(client, isGood: !mail.IsInternational && (failure is null or SmtpCommandException));
            if (failure is null)
            {
                return;
            }

            // Many servers say 421 after so many mails on a connection, and mean the connection. It is a clear "not taken".
            if (!isFirst || failure is not SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable })
            {
                throw SmtpFailures.OfSending(server, failure);
            }
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    /// <summary>Sends a mail, to its end whoever wants to stop; what failed, if anything did.</summary>
    private async Task<Exception?> SendAsync(SmtpClient client, Mail mail)
    {
        if (mail.IsInternational && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
        {
            return new NotSupportedException("No SMTPUTF8.");
        }

        using var patience = new CancellationTokenSource(server.SendTimeout, time);
        try
        {
            await client.SendAsync(mail.Format(), mail.Message, patience.Token);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }
}
