using Roster.Core.Events.Outboxes;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Consuming;

/// <summary>
/// Tries parked events again when their time has come: a user's first one, and when it has ended those behind it. One process
/// at a time does so, by a lease that is looked at before each attempt.
/// </summary>
internal sealed class ParkedRetries(
    IEventConsumer consumer, Attempts attempts, Bookkeeping books, IControlStore control, IProgressStore progress, ConsumerOptions options, TimeProvider time, NoticeSink tell)
{
    private const int Users = 100;
    private const int Events = 100;

    /// <summary>Works until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var metric = new ParkedGauge(consumer.Name);
        HeldLease? lease = null;
        try
        {
            while (true)
            {
                try
                {
                    if (lease is { Stands: false })
                    {
                        await lease.DisposeAsync();
                        lease = null;
                    }

                    lease ??= await HeldLease.TryTakeAsync(
                        control, $"consumer/{consumer.Name}/retry", options.Holder, options.Lease, time, cancellation);
                    if (lease is not null)
                    {
                        await RoundAsync(lease, cancellation);
                        metric.Set(await progress.CountParkedAsync(consumer.Name, cancellation));
                    }
                }
                catch (StoreUnavailableException)
                {
                    // The next time.
                }

                await Task.Delay(options.LookEvery, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The lease is given back below.
        }
        finally
        {
            if (lease is not null)
            {
                await lease.DisposeAsync();
            }
        }
    }

    private async Task RoundAsync(HeldLease lease, CancellationToken cancellation)
    {
        while (lease.Stands && await progress.DueAsync(consumer.Name, time.GetUtcNow(), Users, cancellation) is { Count: > 0 } users)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellation);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellation };
            await Parallel.ForEachAsync(users, parallel, async (user, _) =>
            {
                try
                {
                    await UserAsync(user, lease, end.Token);
                }
                catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
                {
                    // Somebody else goes on.
                }
            });
        }
    }

    private async Task UserAsync(UserId user, HeldLease lease, CancellationToken cancellation)
    {
        var query = new ParkedQuery { Consumer = consumer.Name, User = user, Limit = Events };
        while (await progress.ParkedAsync(query, cancellation) is { Count: > 0 } queue)
        {
            foreach (var parked in queue)
            {
                var done = (await progress.ProgressAsync(consumer.Name, [user], cancellation))[0].Done;
                var result = parked.Event.Sequence <= done
                    ? AttemptResult.NotOurs
                    : await attempts.RunAsync(parked.Event, parked.Attempts, () => Task.FromResult(lease.Stands), cancellation);
                if (result.Failure is { } failure)
                {
                    await progress.PostponeAsync(failure, cancellation);
                    if (failure.NextAttempt is null)
                    {
                        tell(Attempts.GivenUp(failure));
                    }

                    return;
                }

                if (!result.HasEffect && parked.Event.Sequence > done)
                {
                    return;
                }

                await ReleaseAsync(parked, result.HasEffect, cancellation);
            }
        }
    }

    private async Task ReleaseAsync(ParkedEvent done, bool hasEffect, CancellationToken cancellation)
    {
        // The effect has happened: it is remembered before anything else, through an outage too, and although the work is to end.
        using var late = new Lateness(options.Grace, time, cancellation);
        await books.ReleaseAsync(done, late.Token);
        ConsumingMetrics.Count(consumer.Name, hasEffect ? "effect" : "repeated", 1);
    }
}
