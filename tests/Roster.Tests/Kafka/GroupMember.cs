using System.Collections.Concurrent;
using System.Diagnostics;
using Roster.Kafka;
using Xunit;

namespace Roster.Tests.Kafka;

/// <summary>A consumer that runs until it is disposed, and what it has handled.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public GroupMember(KafkaOptions options, string group, Func<KafkaRecord, CancellationToken, Task>? effect = null)
    {
        Consumer = new KafkaConsumer(options, group);
        running = Consumer.RunAsync(
            async (records, cancellation) =>
            {
                foreach (var record in records)
                {
                    await (effect?.Invoke(record, cancellation) ?? Task.CompletedTask);
                    Handled.Enqueue(record);
                }
            },
            stopping.Token);
    }

    public KafkaConsumer Consumer { get; }

    public ConcurrentQueue<KafkaRecord> Handled { get; } = [];

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(20, TestContext.Current.CancellationToken))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, what);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }
}
