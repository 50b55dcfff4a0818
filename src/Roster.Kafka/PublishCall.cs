using System.Text;
using Confluent.Kafka;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;

namespace Roster.Kafka;

/// <summary>
/// One call of the publisher. A user's next message is sent only after the one before was acknowledged, so whatever fails,
/// what is on the topic of a user is a prefix; messages of different users travel together. It costs a user with many
/// events in one call their round trips, which is how they were committed too.
/// </summary>
internal sealed class PublishCall
{
    private const int None = -1;

    private static readonly Headers CloudEvent = new() { { "content-type", Encoding.ASCII.GetBytes("application/cloudevents+json") } };

    private readonly IProducer<byte[], byte[]> producer;
    private readonly string topic;
    private readonly IReadOnlyList<EventMessage> messages;

    /// <summary>For each message the next one of its user.</summary>
    private readonly int[] next;

    private readonly TaskCompletionSource<Error?> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Messages under way, and one for whoever is sending the first ones.</summary>
    private int open = 1;

    private volatile Error? failure;

    public PublishCall(IProducer<byte[], byte[]> producer, string topic, IReadOnlyList<EventMessage> messages)
    {
        this.producer = producer;
        this.topic = topic;
        this.messages = messages;
        next = new int[messages.Count];
    }

    /// <summary>Sends, and waits until nothing of the call is under way any more.</summary>
    /// <returns>The first failure; null when all are acknowledged.</returns>
    public Task<Error?> RunAsync()
    {
        foreach (var first in Chain())
        {
            Send(first);
        }

        Close();
        return completion.Task;
    }

    /// <summary>Sends nothing more.</summary>
    public void Abandon() => failure ??= new Error(ErrorCode.Local_PurgeQueue);

    private List<int> Chain()
    {
        var last = new Dictionary<UserId, int>(messages.Count);
        var first = new List<int>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            next[i] = None;
            if (last.TryGetValue(messages[i].User, out var before))
            {
                next[before] = i;
            }
            else
            {
                first.Add(i);
            }

            last[messages[i].User] = i;
        }

        return first;
    }

    private void Send(int index)
    {
        if (failure is not null)
        {
            return;
        }

        Interlocked.Increment(ref open);
        var message = messages[index];
        try
        {
            producer.Produce(
                topic,
                new Message<byte[], byte[]> { Key = Encoding.ASCII.GetBytes(message.User.ToString()), Value = message.Json.ToArray(), Headers = CloudEvent },
                report => Reported(index, report.Error));
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            Reported(index, e.Error);
        }
        catch (KafkaException e)
        {
            Reported(index, e.Error);
        }
    }

    private void Reported(int index, Error error)
    {
        if (error.IsError)
        {
            failure ??= error;
        }
        else if (next[index] != None)
        {
            Send(next[index]);
        }

        Close();
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref open) == 0)
        {
            completion.SetResult(failure);
        }
    }
}
