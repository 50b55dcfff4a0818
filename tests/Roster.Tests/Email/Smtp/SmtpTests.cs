using System.Text;
using Roster.Core.Events.Consuming;
using Roster.Email;
using Roster.Email.Smtp;
using Xunit;

namespace Roster.Tests.Email.Smtp;

/// <summary>Against a real mail server that answers in every way a mail server can.</summary>
public sealed class SmtpTests(SharedSink shared) : IClassFixture<SharedSink>
{
    [Fact]
    public async Task A_mail_arrives_as_it_was_made()
    {
        await using var mails = Mails();
        await SendAsync(mails, "ada@example.com", "Ada ❤ <b>");
        var mail = Assert.Single(await shared.OfAsync("ada@example.com"));
        Assert.Equal("mail@example.com", mail.From);
        var read = new ReadMail(mail.Raw.ToArray());
        Assert.Equal("Welcome, Ada ❤ <b>", read.Decoded("Subject"));
        Assert.Contains("Ada ❤ &lt;b&gt;", read.Parts[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_gives_no_orders_to_the_server()
    {
        await using var mails = Mails();
        await SendAsync(mails, "hostile@example.com", "x\r\n.\r\nRCPT TO:<eve@example.com>\r\nDATA\r\nBcc: eve@example.com\r\n\r\n.\r\n");
        Assert.Single(await shared.OfAsync("hostile@example.com"));
        Assert.Empty(await shared.OfAsync("eve@example.com"));
    }

    [Fact]
    public async Task Many_share_a_few_connections()
    {
        await using var mails = Mails();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => await SendAsync(mails, $"many{i}@example.com"));
        var received = (await shared.Sink.ReceivedAsync()).Where(mail => mail.To[0].StartsWith("many", StringComparison.Ordinal)).ToList();
        Assert.Equal(300, received.Count);
        Assert.Equal(300, received.Select(mail => mail.Header("Message-Id")).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("deferred-a@example.com", "452 later")]
    [InlineData("greylist-a@example.com", "451 come again")]
    public async Task What_is_not_taken_now_is_tried_again_without_stopping_others(string address, string reply)
    {
        await using var mails = Mails();
        var refusal = await Assert.ThrowsAsync<MailDeferredException>(() => SendAsync(mails, address));
        Assert.EndsWith(reply, refusal.Message, StringComparison.Ordinal);
        await SendAsync(mails, $"beside-{address}");
        await SendAsync(mails, address);
        Assert.Single(await shared.OfAsync(address));
    }

    [Theory]
    [InlineData("refused-a@example.com", "550 no such mailbox")]
    [InlineData("spam-a@example.com", "554 looks like spam")]
    public async Task What_will_never_be_taken_is_poison(string address, string reply)
    {
        await using var mails = Mails();
        var refusal = await Assert.ThrowsAsync<PoisonEventException>(() => SendAsync(mails, address));
        Assert.EndsWith(reply, refusal.Message, StringComparison.Ordinal);
        await SendAsync(mails, $"beside-{address}");
        Assert.Empty(await shared.OfAsync(address));
        Assert.Single(await shared.OfAsync($"beside-{address}"));
    }

    [Fact]
    public async Task A_server_that_only_ends_a_connection_is_asked_on_another()
    {
        await using var mails = Mails();
        await SendAsync(mails, "closing-a@example.com");
        Assert.Single(await shared.OfAsync("closing-a@example.com"));
    }

    [Fact]
    public async Task A_connection_that_breaks_inside_a_mail_costs_no_mail()
    {
        await using var mails = Mails();
        await Assert.ThrowsAsync<MailDeferredException>(() => SendAsync(mails, "cut-a@example.com"));
        Assert.Empty(await shared.OfAsync("cut-a@example.com"));
        await SendAsync(mails, "cut-a@example.com");
        Assert.Single(await shared.OfAsync("cut-a@example.com"));
    }

    [Fact]
    public async Task A_lost_answer_is_the_window_and_both_mails_have_one_id()
    {
        await using var mails = Mails();
        var message = SignUps.Of("Ada", "lost-a@example.com");
        var failure = await Assert.ThrowsAsync<MailDeferredException>(() => mails.HandleAsync(message, CancellationToken.None));
        Assert.EndsWith("the mail may have been taken.", failure.Message, StringComparison.Ordinal);
        await mails.HandleAsync(message, CancellationToken.None);
        var both = await shared.OfAsync("lost-a@example.com");
        Assert.Equal(2, both.Count);
        Assert.Single(both.Select(mail => mail.Header("Message-Id")).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_slow_server_is_waited_for_even_by_one_who_wants_to_stop()
    {
        await using var mails = Mails();
        using var stop = new CancellationTokenSource();
        var sending = mails.HandleAsync(SignUps.Of("Ada", "slow-a@example.com"), stop.Token);
        while ((await shared.OfAsync("slow-a@example.com")).Count == 0)
        {
            Assert.False(sending.IsCompleted);
            await Task.Delay(5);
        }

        await stop.CancelAsync();
        await sending;
        Assert.Single(await shared.OfAsync("slow-a@example.com"));
    }

    [Fact]
    public async Task A_server_that_takes_too_long_makes_everything_wait()
    {
        await using var mails = Mails(server => server with { SendTimeout = TimeSpan.FromMilliseconds(300) });
        var failure = await Assert.ThrowsAsync<ConsumerUnavailableException>(() => SendAsync(mails, "slow-b@example.com"));
        Assert.Contains("does not answer; the mail may have been taken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Local_parts_of_all_scripts_arrive()
    {
        await using var mails = Mails();
        await SendAsync(mails, "жанна@пример.рф", "Жанна");
        var mail = Assert.Single(await shared.OfAsync("жанна@пример.рф"));
        Assert.Contains("To: Жанна <жанна@", Encoding.UTF8.GetString(mail.Raw.Span).Replace("\"", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Task SendAsync(SignUpMails mails, string address, string name = "Ada") =>
        mails.HandleAsync(SignUps.Of(name, address), CancellationToken.None);

    private SignUpMails Mails(Func<SmtpOptions, SmtpOptions>? change = null) =>
        SmtpServers.Mails($"smtp://127.0.0.1:{shared.Sink.Port}?starttls=never", change);
}
