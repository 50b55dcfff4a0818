using System.Diagnostics;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Roster.Lab.Smtp;
using Xunit;

namespace Roster.Cluster.Tests.Mails;

/// <summary>Sign-ups go on while the worker that mails them is killed again and again.</summary>
internal sealed class MailRun(int seed, int kills)
{
    private const int Clients = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(3);

    private readonly Random random = new(seed);
    private readonly List<string> signedUp = [];

    /// <summary>How many signed up.</summary>
    public int SignUps => signedUp.Count;

    /// <summary>Mails that the server took.</summary>
    public IReadOnlyList<SinkMail> Mails { get; private set; } = [];

    /// <summary>Mails that were on their way at a kill, over all kills: taken twice.</summary>
    public int Doubles => Mails.Count - Mails.Select(mail => mail.To[0]).Distinct(StringComparer.Ordinal).Count();

    public int Kills => kills;

    /// <summary>Runs it, and checks that everyone got their mail and nobody another.</summary>
    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("roster-test-");
        try
        {
            await using var database = await PostgresServer.StartAsync();
            var settings = Settings(database);
            await using var sink = await SmtpSink.StartAsync(
                folder.FullName, Report.Beneath("artifacts", "npm", "smtp-sink"), new SmtpSinkOptions { Pause = TimeSpan.FromMilliseconds(3) }, CancellationToken.None);
            settings["Roster__Email__Smtp"] = $"smtp://127.0.0.1:{sink.Port}";
            settings["Roster__Email__From"] = "Roster <mail@example.com>";
            await using var node = RosterProcess.Prepare(settings);
            Assert.Equal(0, (await node.RunAsync("migrate")).ExitCode);
            await node.StartFirstAsync();
            await KillingAsync(node, folder.FullName, settings);
            await using var last = ChildProcess.Start(ServerProgram.Roster, ["work"], folder.FullName, settings);
            await AllArriveAsync(sink, last);
            last.Send(Signal.Terminate);
            Assert.Equal(0, await last.WaitAsync(Patience));
            Mails = await sink.ReceivedAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        Assert.Equal(signedUp.Order(StringComparer.Ordinal), Mails.Select(mail => mail.To[0]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

        // What came twice is the same mail, by its id and by its bytes.
        Assert.Equal(signedUp.Count, Mails.Select(mail => mail.Header("Message-Id")).Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            Mails.GroupBy(mail => mail.To[0], StringComparer.Ordinal),
            same => Assert.Single(same.Select(mail => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(mail.Raw.Span))).Distinct(StringComparer.Ordinal)));
    }

    private async Task KillingAsync(RosterProcess node, string folder, Dictionary<string, string> settings)
    {
        using var stop = new CancellationTokenSource();
        var signingUp = Enumerable.Range(0, Clients).Select(client => SignUpAsync(node, client, stop.Token)).ToList();
        for (var kill = 0; kill < kills; kill++)
        {
            await using var worker = ChildProcess.Start(ServerProgram.Roster, ["work"], folder, settings);

            // The dead one's lease lasts three seconds: from then on a kill may hit mails.
            await Task.Delay(TimeSpan.FromSeconds(4) + (LongestLife * random.NextDouble()));
            Assert.False(worker.HasExited, worker.Errors);
            worker.Kill();
            await worker.WaitAsync(Patience);
        }

        await stop.CancelAsync();
        await Task.WhenAll(signingUp);
    }

    private async Task SignUpAsync(RosterProcess node, int client, CancellationToken stop)
    {
        using var http = node.Connect();
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var email = $"user{client}x{i}@example.com";
            using var answer = await http.PostAsJsonAsync("/users", new { name = $"User <{i}>\r\nof {client}", email }, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            lock (signedUp)
            {
                signedUp.Add(email);
            }

            await Task.Delay(40, CancellationToken.None);
        }
    }

    /// <summary>Waits as long as mails come: how long a backlog takes is no question here.</summary>
    private async Task AllArriveAsync(SmtpSink sink, ChildProcess worker)
    {
        var (reached, since) = (-1, Stopwatch.GetTimestamp());
        while (reached < signedUp.Count)
        {
            await Task.Delay(500, CancellationToken.None);
            var now = (await sink.ReceivedAsync()).Select(mail => mail.To[0]).Distinct(StringComparer.Ordinal).Count();
            (reached, since) = now > reached ? (now, Stopwatch.GetTimestamp()) : (reached, since);
            Assert.True(Stopwatch.GetElapsedTime(since) < Standstill, $"{reached} of {signedUp.Count} have a mail, and no more came in {Standstill}. {worker.Errors}");
            Assert.False(worker.HasExited, worker.Errors);
        }
    }

    private static Dictionary<string, string> Settings(PostgresServer database) => new(StringComparer.Ordinal)
    {
        ["Roster__Storage"] = "postgres",
        ["Roster__Shards__0__Primary"] = database.ConnectionStringOf("postgres"),
        ["Roster__Auth__AdminKey"] = "only-for-this-test-run",
    };
}
