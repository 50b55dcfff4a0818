using System.Threading.Channels;
using Confluent.Kafka;

namespace Roster.Kafka;

/// <summary>What a member of a group does with one partition while it has it: batches in order, one at a time, each until the handler is done with it.</summary>
internal sealed class PartitionWorker : IDisposable
{
    private const int MaxBatch = 500;

    /// <summary>So many wait before fetching is paused; it goes on when half of them are handled.</summary>
    private const int Full = 2_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Channel<KafkaRecord> waiting = Channel.CreateUnbounded<KafkaRecord>();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource abandoning = new();
    private readonly Func<IReadOnlyList<KafkaRecord>, CancellationToken, Task> handle;
    private readonly Action<string> tell;
    private readonly Task running;
    private long done = Offset.Unset;

    public PartitionWorker(TopicPartition partition, Func<IReadOnlyList<KafkaRecord>, CancellationToken, Task> handle, Action<string> tell)
    {
        Partition = partition;
        this.handle = handle;
        this.tell = tell;
        running = Task.Run(RunAsync);
    }

    public TopicPartition Partition { get; }

    /// <summary>The offset after the last one handled; <see cref="Offset.Unset"/> before the first.</summary>
    public long Done => Interlocked.Read(ref done);

    /// <summary>The offset after the last one that the group knows to be handled.</summary>
    public long Committed { get; set; } = Offset.Unset;

    /// <summary>Whether the consumer has been told to fetch no more for now.</summary>
    public bool IsPaused { get; set; }

    public bool IsFull => waiting.Reader.Count >= Full;

    public bool HasRoom => waiting.Reader.Count <= Full / 2;

    public void Add(KafkaRecord record) => waiting.Writer.TryWrite(record);

    /// <summary>Takes no further batch, and waits for the one under way; after some time it is cancelled.</summary>
    /// <param name="grace">How long it may go on; zero when others may have the partition already.</param>
    public async Task StopAsync(TimeSpan grace)
    {
        await stopping.CancelAsync();
        abandoning.CancelAfter(grace);
        await running;
    }

    /// <summary>After <see cref="StopAsync"/>.</summary>
    public void Dispose()
    {
        stopping.Dispose();
        abandoning.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await waiting.Reader.WaitToReadAsync(stopping.Token))
            {
                await HandleAsync(Batch());
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Stopped between two batches, or in the middle of one that was not done in time: then it is handled again.
        }
    }

    private List<KafkaRecord> Batch()
    {
        List<KafkaRecord> batch = [];
        while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var record))
        {
            batch.Add(record);
        }

        return batch;
    }

    private async Task HandleAsync(List<KafkaRecord> batch)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await handle(batch, abandoning.Token);
                Interlocked.Exchange(ref done, batch[^1].Offset + 1);
                return;
            }
            catch (Exception e) when (!abandoning.IsCancellationRequested)
            {
                tell($"Handling {batch.Count} messages of {Partition.Topic}/{Partition.Partition.Value} from {batch[0].Offset} failed, and is tried again: {e.Message}");
            }

            await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), stopping.Token);
        }
    }
}
