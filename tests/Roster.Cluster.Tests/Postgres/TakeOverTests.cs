using System.Diagnostics;
using System.Net.Http.Json;
using Xunit;

namespace Roster.Cluster.Tests.Postgres;

/// <summary>Real workers over two shards, killed and paused: whoever is left does what they did, within seconds.</summary>
public sealed class TakeOverTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>A lease, a look, and a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo mails = Directory.CreateTempSubdirectory("roster-mails-");
    private readonly List<string> signUps = [];
    private PostgresCluster cluster = null!;
    private HttpClient http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 1);
        http = cluster.Nodes[0].Connect();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await cluster.DisposeAsync();
        mails.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_worker_that_is_killed_paused_or_stopped_is_replaced_and_everybody_gets_one_mail()
    {
        var first = await cluster.StartWorkerAsync(mails.FullName);
        var second = await cluster.StartWorkerAsync(mails.FullName);
        await SignUpAsync("both work");

        await first.KillAsync();
        await SignUpAsync("after kill -9 of one");

        var third = await cluster.StartWorkerAsync(mails.FullName);
        await SignUpAsync("with a new one");

        second.Pause();
        await SignUpAsync("while one is paused");
        second.Resume();
        await SignUpAsync("after it woke up");

        Assert.Equal(0, await third.StopAsync());
        await SignUpAsync("after the other was stopped in order");
        Assert.Equal(signUps.Order(), Mails().Order());
    }

    private async Task SignUpAsync(string when)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 40; i++)
        {
            var email = $"ada{signUps.Count}@example.org";
            using var answer = await http.PostAsJsonAsync(new Uri("/users", UriKind.Relative), new { name = "Ada", email }, Cancel);
            answer.EnsureSuccessStatusCode();
            signUps.Add(email);
        }

        while (Mails().Distinct().Count() < signUps.Count)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Bound, $"{signUps.Count - Mails().Count} mails are missing: {when}.");
            await Task.Delay(20, Cancel);
        }

        output.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s for 40 mails {when}");
    }

    /// <summary>Whom each mail is for.</summary>
    private List<string> Mails() =>
    [
        .. mails.EnumerateFiles("*.eml").Select(file => File.ReadLines(file.FullName)
            .First(line => line.StartsWith("To:", StringComparison.Ordinal)).Split('<', '>') is [_, var email, ..] ? email : string.Empty),
    ];
}
