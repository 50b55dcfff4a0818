using System.Collections.Concurrent;
using MailKit.Net.Smtp;

namespace Roster.Email.Smtp;

/// <summary>Connections to one server: at most so many, kept open between mails.</summary>
internal sealed class SmtpConnections(SmtpOptions server, TimeProvider time) : IAsyncDisposable
{
    /// <summary>After this a server may have hung up, and is asked first: a mail on a dead line might look half sent.</summary>
    private static readonly TimeSpan Doubtful = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim free = new(server.Connections);
    private readonly ConcurrentBag<(SmtpClient Client, long At)> idle = [];

    /// <summary>
    /// Lends a connection that works; it must come back by <see cref="Return"/>. Usually one on which the server's SMTPUTF8
    /// is unknown: else every domain would go out in UTF-8, and the next server on the way may not know that.
    /// </summary>
    /// <param name="international">Whether an address needs SMTPUTF8: then a connection of its own, not to be kept.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="Core.Events.Consuming.ConsumerUnavailableException">None can be made.</exception>
    public async Task<SmtpClient> RentAsync(bool international, CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation);
        try
        {
            return international ? await ConnectAsync(cancellation) : await FindIdleAsync(cancellation) ?? await ConnectPlainAsync(cancellation);
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    /// <summary>Takes a connection back; one that has had a failure is closed.</summary>
    public void Return(SmtpClient client, bool isGood)
    {
        if (isGood && client.IsConnected)
        {
            idle.Add((client, time.GetTimestamp()));
        }
        else
        {
            client.Dispose();
        }

        free.Release();
    }

    /// <summary>Says good-bye to all that are idle; nothing is under way any more.</summary>
    public async ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var kept))
        {
            await QuitAsync(kept.Client);
        }

        free.Dispose();
    }

    private static async Task QuitAsync(SmtpClient client)
    {
        try
        {
            using var patience = new CancellationTokenSource(AskTimeout);
            await client.DisconnectAsync(quit: true, patience.Token);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            // It was closed already.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task<SmtpClient?> FindIdleAsync(CancellationToken cancellation)
    {
        while (idle.TryTake(out var kept))
        {
            if (time.GetElapsedTime(kept.At) < Doubtful || await AnswersAsync(kept.Client, cancellation))
            {
                return kept.Client;
            }

            kept.Client.Dispose();
        }

        return null;
    }

    private static async Task<bool> AnswersAsync(SmtpClient client, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AskTimeout);
        try
        {
            await client.NoOpAsync(patience.Token);
            return true;
        }
        catch (Exception e) when (IsOfConnection(e) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<SmtpClient> ConnectPlainAsync(CancellationToken cancellation)
    {
        var client = await ConnectAsync(cancellation);
        client.Capabilities &= ~SmtpCapabilities.UTF8;
        return client;
    }

    private async Task<SmtpClient> ConnectAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(server.ConnectTimeout);
        var client = new SmtpClient { CheckCertificateRevocation = false };
        if (server.TakesAnyCertificate)
        {
            client.ServerCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        }

        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security, patience.Token);
            if (server.User is not null)
            {
                await client.AuthenticateAsync(server.User, server.Password!, patience.Token);
            }

            return client;
        }
        catch (Exception e)
        {
            client.Dispose();
            cancellation.ThrowIfCancellationRequested();
            throw SmtpFailures.OfConnecting(server, e);
        }
    }

    private static bool IsOfConnection(Exception e) => e is IOException or OperationCanceledException or InvalidOperationException
        or MailKit.ProtocolException or MailKit.CommandException or System.Net.Sockets.SocketException;
}
