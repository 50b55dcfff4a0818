using System.Net;
using System.Net.Sockets;
using Roster.Core.Events.Consuming;
using Roster.Email;
using Roster.Lab;
using Roster.Lab.Smtp;
using Xunit;

namespace Roster.Tests.Email.Smtp;

/// <summary>What stands before the first mail: reaching a server, trusting it, logging in.</summary>
public sealed class SmtpConnectionTests
{
    private const string Secret = "s3cret&word";

    [Fact]
    public async Task A_server_that_is_away_makes_everything_wait_and_comes_back()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions());
        await using var mails = SmtpServers.Mails($"smtp://127.0.0.1:{server.Sink.Port}");
        await SendAsync(mails, "a@example.com");
        await server.Sink.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => SendAsync(mails, "b@example.com"));
        Assert.EndsWith("cannot be reached.", await RefusalAsync(mails), StringComparison.Ordinal);
        await server.Sink.RestartAsync(CancellationToken.None);
        await SendAsync(mails, "b@example.com");
        Assert.Equal(["a@example.com", "b@example.com"], (await server.Sink.ReceivedAsync()).Select(mail => mail.To[0]));
    }

    [Fact]
    public async Task A_connection_that_the_server_closed_meanwhile_is_not_used()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions());
        await using var mails = SmtpServers.Mails($"smtp://127.0.0.1:{server.Sink.Port}", options => options with { Connections = 1 });
        await SendAsync(mails, "a@example.com");
        await server.Sink.StopAsync();
        await server.Sink.RestartAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await SendAsync(mails, "b@example.com");
        Assert.Equal(2, (await server.Sink.ReceivedAsync()).Count);
    }

    [Fact]
    public async Task A_server_that_turns_everybody_away_makes_everything_wait()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions { TurnsAway = true });
        await using var mails = SmtpServers.Mails($"smtp://127.0.0.1:{server.Sink.Port}");
        Assert.EndsWith("lets nobody in: 421 not now", await RefusalAsync(mails), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_not_waited_for_for_ever()
    {
        using var silent = new TcpListener(IPAddress.Loopback, LoopbackPorts.Free());
        silent.Start();
        await using var mails = SmtpServers.Mails(
            $"smtp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}", options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        Assert.EndsWith("does not answer.", await RefusalAsync(mails), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_trusts_is_refused_unless_it_is_allowed()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions { StartTls = true });
        var address = $"smtp://127.0.0.1:{server.Sink.Port}";
        foreach (var startTls in (string[])["always", "whenAvailable"])
        {
            await using var careful = SmtpServers.Mails($"{address}?starttls={startTls}");
            Assert.EndsWith("has a certificate that is not trusted here.", await RefusalAsync(careful), StringComparison.Ordinal);
        }

        await using var careless = SmtpServers.Mails($"{address}?starttls=always&certificate=any");
        await SendAsync(careless, "a@example.com");
        await using var open = SmtpServers.Mails($"{address}?starttls=never");
        await SendAsync(open, "b@example.com");
        Assert.Equal([true, false], (await server.Sink.ReceivedAsync()).Select(mail => mail.Secure));
    }

    [Fact]
    public async Task A_server_without_TLS_gets_nothing_where_TLS_is_asked_for()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions());
        await using var mails = SmtpServers.Mails($"smtp://127.0.0.1:{server.Sink.Port}?starttls=always");
        Assert.Contains("does not offer what Roster:Email:Smtp asks for", await RefusalAsync(mails), StringComparison.Ordinal);
        Assert.Empty(await server.Sink.ReceivedAsync());
    }

    [Fact]
    public async Task An_account_logs_in_and_a_wrong_one_is_said_without_its_password()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions { User = "roster", Password = Secret });
        var host = $"127.0.0.1:{server.Sink.Port}";
        await using var right = SmtpServers.Mails($"smtp://roster:{Uri.EscapeDataString(Secret)}@{host}");
        await SendAsync(right, "a@example.com");
        Assert.Equal("roster", Assert.Single(await server.Sink.ReceivedAsync()).User);

        await using var wrong = SmtpServers.Mails($"smtp://roster:{Uri.EscapeDataString(Secret + "x")}@{host}");
        var failure = await Assert.ThrowsAsync<ConsumerUnavailableException>(() => SendAsync(wrong, "b@example.com"));
        Assert.Equal($"The mail server {host} refuses the account: check its user and password.", failure.Message);
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);

        await using var nobody = SmtpServers.Mails($"smtp://{host}");
        Assert.Contains("wants an account in Roster:Email:Smtp", await RefusalAsync(nobody), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_a_server_cannot_take_is_poison()
    {
        await using var server = await SinkFolder.StartAsync(new SmtpSinkOptions { SmtpUtf8 = false });
        await using var mails = SmtpServers.Mails($"smtp://127.0.0.1:{server.Sink.Port}");
        await Assert.ThrowsAsync<PoisonEventException>(() => SendAsync(mails, "жанна@example.com"));
        await SendAsync(mails, "ada@MÜNCHEN.de");
        var mail = Assert.Single(await server.Sink.ReceivedAsync());
        Assert.Contains("<ada@xn--mnchen-3ya.de>", mail.Header("To"), StringComparison.Ordinal);

        // The sink shows domains decoded.
        Assert.Equal("ada@münchen.de", mail.To[0]);
    }

    private static async Task<string> RefusalAsync(SignUpMails mails) =>
        (await Assert.ThrowsAsync<ConsumerUnavailableException>(() => SendAsync(mails, "x@example.com"))).Message;

    private static Task SendAsync(SignUpMails mails, string address) => mails.HandleAsync(SignUps.Of("Ada", address), CancellationToken.None);
}
