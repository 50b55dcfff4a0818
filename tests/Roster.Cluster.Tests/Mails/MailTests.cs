using System.Globalization;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Mails;

/// <summary>From the sign-up to the mail, with the real program and a real mail server.</summary>
public sealed class MailTests(ITestOutputHelper output)
{
    /// <summary>Users whose mails a worker may have on their way at the same time: what one kill can double.</summary>
    private const int UnderWay = 32;

    [Fact]
    public async Task Everyone_gets_a_mail_although_the_worker_is_killed() => await RunAsync(kills: 3);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Everyone_gets_a_mail_over_twenty_kills()
    {
        var run = await RunAsync(kills: 20);
        await Report.WriteAsync("mails.md", ReportOf(run));
    }

    [Fact]
    public async Task On_the_embedded_store_mails_are_files_and_imports_send_them_only_when_asked()
    {
        await using var server = await RosterProcess.StartAsync();
        using var http = server.Connect();
        await ImportAsync(http, "", "silent@example.com");
        await ImportAsync(http, "?sendMail=true", "asked@example.com");
        using var body = new StringContent("""{ "name": "Ada", "email": "ada@example.com" }""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        (await http.PostAsync(new Uri("/users", UriKind.Relative), body)).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(RosterProcess.Patience);
        var outbox = Path.Combine(server.Data, "outbox");
        while (!Directory.Exists(outbox) || Directory.GetFiles(outbox, "*.eml").Length < 2)
        {
            Assert.False(patience.IsCancellationRequested, server.Process.Errors);
            await Task.Delay(20, CancellationToken.None);
        }

        // Events of one shard are handled in their order of commit, so the silent one has had its turn; a start finds no more.
        Assert.Equal(0, await server.StopAsync());
        await server.StartAgainAsync();
        Assert.Equal(0, await server.StopAsync());
        var recipients = Directory.GetFiles(outbox).Select(file => File.ReadLines(file).Single(line => line.StartsWith("To: ", StringComparison.Ordinal)));
        Assert.Equal(2, recipients.Count(line => line.Contains("ada@example.com", StringComparison.Ordinal) || line.Contains("asked@example.com", StringComparison.Ordinal)));
        Assert.Equal(2, Directory.GetFiles(outbox).Length);
    }

    private static async Task ImportAsync(HttpClient http, string query, string email)
    {
        using var line = new StringContent($$"""{ "name": "Imported", "email": "{{email}}" }""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await http.PostAsync(new Uri($"/users/import{query}", UriKind.Relative), line);
        Assert.Contains("\"created\":1", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<MailRun> RunAsync(int kills)
    {
        var run = new MailRun(Seed.Take(output), kills);
        await run.RunAsync();
        output.WriteLine(ReportOf(run));
        Assert.True(run.SignUps > 50 * kills, $"Only {run.SignUps} sign-ups.");
        Assert.True(run.Doubles <= UnderWay * kills, $"{run.Doubles} mails came twice.");
        return run;
    }

    private static string ReportOf(MailRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Mails through kills

        `./test long`: sign-ups over PostgreSQL while `roster work`, which mails them to a real SMTP server, is killed with
        `kill -9` at random moments and started again.

        | | |
        |---|---|
        | kills | {run.Kills} |
        | sign-ups | {run.SignUps} |
        | addresses with a mail | {run.Mails.Select(mail => mail.To[0]).Distinct(StringComparer.Ordinal).Count()} |
        | mails taken by the server | {run.Mails.Count} |
        | of them a second time | {run.Doubles} |

        Each second mail had the first one's `Message-ID` and bytes; a kill can double only what is on its way then, at most {UnderWay} mails.

        """);
}
