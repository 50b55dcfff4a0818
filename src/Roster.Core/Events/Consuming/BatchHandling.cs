using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Consuming;

/// <summary>
/// One consumer's way through batches. Users are handled beside each other, a user's events one after another. An effect is
/// remembered right after it happened, before the user's next one begins: a crash in between is the only way to have it
/// twice. Safe for several batches at the same time, as long as they have no user in common.
/// </summary>
/// <param name="consumer">The consumer.</param>
/// <param name="attempts">Tries events.</param>
/// <param name="books">What it remembers.</param>
/// <param name="places">As many users are handled at the same time, over all batches.</param>
/// <param name="options">How.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Takes notices.</param>
internal sealed class BatchHandling(
    IEventConsumer consumer, Attempts attempts, Bookkeeping books, SemaphoreSlim places, ConsumerOptions options, TimeProvider time, NoticeSink tell)
{
    /// <inheritdoc cref="EventBatchHandler"/>
    public async Task RunAsync(IReadOnlyList<EventMessage> batch, CancellationToken cancellation)
    {
        var users = batch.Where(message => consumer.Wants(message.Type))
            .GroupBy(message => message.User, (user, events) => (User: user, Events: InOrder(events)))
            .ToList();
        Count("unwanted", batch.Count - users.Sum(user => user.Events.Count));
        if (users.Count == 0)
        {
            return;
        }

        var asked = time.GetTimestamp();
        var known = await books.KnownAsync([.. users.Select(user => user.User)], cancellation);
        var running = new List<Task>(users.Count);
        try
        {
            for (var i = 0; i < users.Count; i++)
            {
                await places.WaitAsync(cancellation);
                var (events, progress) = (users[i].Events, known[i]);
                running.Add(Task.Run(() => UserAsync(events, progress, asked, cancellation), CancellationToken.None));
            }
        }
        finally
        {
            // Also when cancelled: nothing of a batch goes on after its handler has ended.
            await Task.WhenAll(running);
        }
    }

    private async Task UserAsync(IReadOnlyList<EventMessage> events, UserProgress known, long asked, CancellationToken cancellation)
    {
        try
        {
            await InTurnAsync(events, known, asked, cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task InTurnAsync(IReadOnlyList<EventMessage> events, UserProgress known, long asked, CancellationToken cancellation)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var message = events[i];
            if (message.Sequence > known.Done && known.IsParked)
            {
                await ParkAsync([.. events.Skip(i).Select(later => attempts.Behind(later, message.Sequence))], cancellation);
                return;
            }

            var result = message.Sequence <= known.Done ? AttemptResult.NotOurs : await attempts.RunAsync(
                message,
                before: 0,
                async () =>
                {
                    (known, asked) = await RefreshAsync(message.User, known, asked, cancellation);
                    return message.Sequence > known.Done && !known.IsParked;
                },
                cancellation);
            if (result.Failure is { } failure)
            {
                await ParkAsync([failure, .. events.Skip(i + 1).Select(later => attempts.Behind(later, message.Sequence))], cancellation);
                if (failure.NextAttempt is null)
                {
                    tell(Attempts.GivenUp(failure));
                }

                return;
            }

            if (result.HasEffect)
            {
                // Even if the batch was cancelled meanwhile: it has happened. The time it gets is that of an effect.
                using var late = new Lateness(options.Grace, time, cancellation);
                await books.RecordAsync(new Effect(message.User, message.Sequence), late.Token);
                known = known with { Done = message.Sequence };
                Count("effect", 1);
            }
            else if (message.Sequence > known.Done)
            {
                // It is parked now: another process had the user meanwhile.
                i--;
            }
            else
            {
                Count("repeated", 1);
            }
        }
    }

    /// <summary>What is known of a user, read again when it is old: this process may have been paused, and another has taken over.</summary>
    private async Task<(UserProgress Known, long Asked)> RefreshAsync(
        UserId user, UserProgress known, long asked, CancellationToken cancellation)
    {
        if (time.GetElapsedTime(asked) <= options.Fresh)
        {
            return (known, asked);
        }

        asked = time.GetTimestamp();
        return ((await books.KnownAsync([user], cancellation))[0], asked);
    }

    private async Task ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation)
    {
        await books.ParkAsync(events, cancellation);
        Count("parked", events.Count);
    }

    private void Count(string outcome, int events) => ConsumingMetrics.Count(consumer.Name, outcome, events);

    /// <summary>A page that was published twice may come in one batch.</summary>
    private static List<EventMessage> InOrder(IEnumerable<EventMessage> events) =>
        [.. events.OrderBy(message => message.Sequence).DistinctBy(message => message.Sequence)];
}
