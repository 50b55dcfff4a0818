using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Core.Ids;
using Roster.Kafka;
using Roster.Lab.Kafka;
using Xunit;

namespace Roster.Cluster.Tests.Events;

/// <summary>From commits on two shards through relays to a real broker and on to mails, while all that is killed and paused.</summary>
public sealed class KafkaFlowTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Members = 4;

    private static readonly TimeSpan Drain = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo mails = Directory.CreateTempSubdirectory("roster-mails-");
    private PostgresCluster cluster = null!;
    private KafkaServer kafka = null!;
    private KafkaOptions options = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await PostgresCluster.StartAsync(shards: 2, nodes: 1);
        kafka = await KafkaServer.StartAsync();
        await kafka.CreateTopicAsync(KafkaOptions.StandardTopic, partitions: 4);
        options = new KafkaOptions
        {
            BootstrapServers = kafka.BootstrapServers,
            Client = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["api.version.request"] = "false",
                ["broker.version.fallback"] = "0.9.0",
                ["enable.idempotence"] = "false",
            },
        };
        await KafkaTopic.AppearAsync(options, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await (kafka?.DisposeAsync() ?? ValueTask.CompletedTask);
        mails.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_event_reaches_the_topic_in_order_and_everybody_gets_a_mail_through_kills_of_broker_and_workers()
    {
        var seed = Seed.Take(output);
        using var http = cluster.Nodes[0].Connect();
        using var end = new CancellationTokenSource();
        var members = Enumerable.Range(0, Members).Select(number => new Member(number, seed, http)).ToList();
        var working = members.Select(member => member.WorkAsync(end.Token)).ToList();
        await TroubleAsync(new Random(seed));
        await end.CancelAsync();
        await Task.WhenAll(working);

        await using var reader = new TopicReader(options);
        List<UserId> users = [.. members.SelectMany(member => member.Users)];
        var committed = 0;
        foreach (var user in users)
        {
            var history = await HistoryAsync(http, user);
            committed += history.Count;
            await UntilAsync(() => reader.Of(user).Count >= history.Count, () => $"{user} has {reader.Of(user).Count} events of {history.Count} on the topic. {reader.Trouble}");
            Assert.Equal(history, reader.Of(user));
        }

        await UntilAsync(() => mails.GetFiles("*.eml").Length >= users.Count, () => $"{mails.GetFiles("*.eml").Length} mails of {users.Count}");
        output.WriteLine($"{users.Count} users, {committed} events, {reader.Doubles} of them twice on the topic");
        Assert.Null(reader.Trouble);
        Assert.Equal(committed, reader.Events);
        Assert.Equal(users.Count, mails.GetFiles("*.eml").Length);
    }

    /// <summary>The broker dies and comes back, and one worker after the other dies or is paused for longer than its lease.</summary>
    private async Task TroubleAsync(Random random)
    {
        var workers = new List<WorkProcess> { await WorkerAsync(), await WorkerAsync() };
        await Task.Delay(1_000);
        await kafka.KillAsync();
        await Task.Delay(random.Next(500, 2_000));
        await kafka.StartAgainAsync();
        await workers[0].KillAsync();
        workers[0] = await WorkerAsync();
        await Task.Delay(random.Next(500, 2_000));
        workers[1].Pause();
        await Task.Delay(5_000);
        workers[1].Resume();
        await Task.Delay(random.Next(500));
        await workers[1].KillAsync();
        await kafka.KillAsync();
        await kafka.StartAgainAsync();
        await Task.Delay(1_000);
    }

    private Task<WorkProcess> WorkerAsync()
    {
        Dictionary<string, string> broker = new(StringComparer.Ordinal) { ["Roster__Kafka__BootstrapServers"] = options.BootstrapServers };
        foreach (var (name, value) in options.Client)
        {
            broker[$"Roster__Kafka__Client__{name.Replace('.', '_')}"] = value;
        }

        return cluster.StartWorkerAsync(mails.FullName, broker);
    }

    private static async Task<List<string>> HistoryAsync(HttpClient http, UserId user) =>
    [
        .. (await http.GetFromJsonAsync<JsonElement>(new Uri($"/users/{user}/history?limit=500", UriKind.Relative))).EnumerateArray().Select(e => e.GetRawText()),
    ];

    private static async Task UntilAsync(Func<bool> holds, Func<string> otherwise)
    {
        for (var start = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(20))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Drain, otherwise());
        }
    }
}
