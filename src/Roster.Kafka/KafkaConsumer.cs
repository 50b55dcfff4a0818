using Confluent.Kafka;

namespace Roster.Kafka;

/// <summary>
/// A member of a consumer group. Partitions are handled beside each other, each in order; offsets are committed only for what
/// the handler is done with, so a crash brings messages again but loses none. A partition that another member is to have is
/// given up once its handler has ended; a member that Kafka takes for dead is told so and abandons its work.
/// </summary>
/// <param name="options">Where from.</param>
/// <param name="group">The group; its members share the partitions.</param>
public sealed class KafkaConsumer(KafkaOptions options, string group)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommitEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What a batch under way gets when its partition has to be given up.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TopicPartition, PartitionWorker> workers = [];
    private volatile IReadOnlyList<PartitionWorker> snapshot = [];
    private volatile IConsumer<byte[], byte[]>? connected;
    private Func<IReadOnlyList<KafkaRecord>, CancellationToken, Task> handle = (_, _) => Task.CompletedTask;

    /// <summary>The partitions that this member has now.</summary>
    public IReadOnlyList<int> Partitions => [.. snapshot.Select(worker => worker.Partition.Partition.Value).Order()];

    /// <summary>Takes part in the group until it is cancelled; then gives its partitions up in order.</summary>
    /// <param name="handler">Gets messages of one partition, in order. When it ends they are done with; when it throws, it gets them again, after a growing pause.
    /// It is called for several partitions at the same time. Its token says that the partition is lost: what it does from then on, others do too.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="KafkaOutageException">A setting will not do, or Kafka refuses for good.</exception>
    public Task RunAsync(Func<IReadOnlyList<KafkaRecord>, CancellationToken, Task> handler, CancellationToken cancellation)
    {
        handle = handler;
        return Task.Factory.StartNew(() => Run(cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>How many messages of this member's partitions are not handled yet. It asks Kafka, for at most a few seconds a partition.</summary>
    /// <exception cref="KafkaOutageException">Kafka does not answer.</exception>
    public long MeasureLag()
    {
        long lag = 0;
        foreach (var worker in connected is null ? [] : snapshot)
        {
            try
            {
                var ends = connected!.QueryWatermarkOffsets(worker.Partition, Patience);
                var from = worker.Done >= 0 ? worker.Done : connected.Committed([worker.Partition], Patience)[0].Offset.Value;
                lag += ends.High - Math.Max(from, ends.Low);
            }
            catch (KafkaException e)
            {
                throw new KafkaOutageException(Sentences.Of(e.Error, options, lastTrouble: null), e);
            }
        }

        return lag;
    }

    private void Run(CancellationToken cancellation)
    {
        using var consumer = Sentences.Accepted(() => new ConsumerBuilder<byte[], byte[]>(ClientSettings.Consumer(options, group))
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((owner, offsets) => Revoked(owner, offsets, Grace))
            .SetPartitionsLostHandler((owner, offsets) => Revoked(owner, offsets, TimeSpan.Zero))
            .SetErrorHandler((_, error) => options.Tell($"Kafka's consumer {group}: {error.Reason}"))
            .SetLogHandler((_, log) => options.Tell($"Kafka's consumer {group}: {log.Message}"))
            .Build());
        consumer.Subscribe(options.Topic);
        connected = consumer;
        try
        {
            for (var committed = TimeProvider.System.GetTimestamp(); !cancellation.IsCancellationRequested;)
            {
                Take(consumer);
                ResumeDrained(consumer);
                if (TimeProvider.System.GetElapsedTime(committed) >= CommitEvery)
                {
                    Commit(consumer, snapshot);
                    committed = TimeProvider.System.GetTimestamp();
                }
            }
        }
        finally
        {
            connected = null;

            // Revokes what it has, as another member's arrival would.
            consumer.Close();
        }
    }

    private void Take(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            if (consumer.Consume(Poll) is { } result && workers.TryGetValue(result.TopicPartition, out var worker))
            {
                worker.Add(new KafkaRecord(result.Partition.Value, result.Offset.Value, Text(result.Message.Key), result.Message.Value));
                if (worker.IsFull && !worker.IsPaused)
                {
                    consumer.Pause([worker.Partition]);
                    worker.IsPaused = true;
                }
            }
        }
        catch (ConsumeException e)
        {
            var sentence = Sentences.Of(e.Error, options, lastTrouble: null);
            options.Tell(sentence);
            if (e.Error.IsFatal)
            {
                throw new KafkaOutageException(sentence, e);
            }
        }
    }

    private static string? Text(byte[]? key) => key is null ? null : System.Text.Encoding.UTF8.GetString(key);

    private void ResumeDrained(IConsumer<byte[], byte[]> consumer)
    {
        foreach (var worker in snapshot)
        {
            if (worker.IsPaused && worker.HasRoom)
            {
                consumer.Resume([worker.Partition]);
                worker.IsPaused = false;
            }
        }
    }

    private void Assigned(List<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            workers[partition] = new PartitionWorker(partition, handle, options.Tell);
        }

        snapshot = [.. workers.Values];
    }

    /// <summary>Called while the group waits for this member: what is under way ends, or is abandoned, before anybody else gets it.</summary>
    private void Revoked(IConsumer<byte[], byte[]> consumer, List<TopicPartitionOffset> offsets, TimeSpan grace)
    {
        List<PartitionWorker> leaving = [.. offsets.Where(offset => workers.ContainsKey(offset.TopicPartition)).Select(offset => workers[offset.TopicPartition])];
        Task.WhenAll(leaving.Select(worker => worker.StopAsync(grace))).GetAwaiter().GetResult();
        if (grace > TimeSpan.Zero)
        {
            // A pause would outlast the partition's absence.
            consumer.Resume(leaving.Where(worker => worker.IsPaused).Select(worker => worker.Partition));
            Commit(consumer, leaving);
        }

        foreach (var worker in leaving)
        {
            workers.Remove(worker.Partition);
            worker.Dispose();
        }

        snapshot = [.. workers.Values];
    }

    /// <summary>What could not be committed comes again, to whoever has the partition then.</summary>
    private void Commit(IConsumer<byte[], byte[]> consumer, IReadOnlyList<PartitionWorker> of)
    {
        var handled = of.Select(worker => (Worker: worker, worker.Done)).Where(pair => pair.Done > pair.Worker.Committed).ToList();
        if (handled.Count == 0)
        {
            return;
        }

        try
        {
            consumer.Commit(handled.Select(pair => new TopicPartitionOffset(pair.Worker.Partition, pair.Done)));
            handled.ForEach(pair => pair.Worker.Committed = pair.Done);
        }
        catch (KafkaException e)
        {
            options.Tell($"Offsets of {group} were not committed, and are the next time: {e.Error.Reason}");
        }
    }
}
