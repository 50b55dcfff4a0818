using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;

namespace Roster.Core.Events.Consuming;

/// <summary>
/// What a consumer remembers, patiently: an outage of the store is waited out, for an effect that happened must be remembered
/// before anything else happens to its user. Effects that end at the same time share a transaction.
/// </summary>
internal sealed class Bookkeeping
{
    private readonly IProgressStore progress;
    private readonly string consumer;
    private readonly ConsumerOptions options;
    private readonly TimeProvider time;
    private readonly NaturalBatcher<Effect, bool> effects;

    public Bookkeeping(IProgressStore progress, string consumer, ConsumerOptions options, TimeProvider time)
    {
        this.progress = progress;
        this.consumer = consumer;
        this.options = options;
        this.time = time;
        effects = new NaturalBatcher<Effect, bool>("effects", RecordAllAsync, new BatchingOptions());
    }

    /// <summary>What is known of users.</summary>
    public Task<IReadOnlyList<UserProgress>> KnownAsync(IReadOnlyList<UserId> users, CancellationToken cancellation) =>
        PatientlyAsync(() => progress.ProgressAsync(consumer, users, cancellation), cancellation);

    /// <summary>Remembers that an event had its effect.</summary>
    public Task RecordAsync(Effect effect, CancellationToken cancellation) =>
        PatientlyAsync(() => effects.RunAsync([effect], cancellation), cancellation);

    /// <summary>Parks events.</summary>
    public Task ParkAsync(IReadOnlyList<ParkedEvent> events, CancellationToken cancellation) => PatientlyAsync(
        async () =>
        {
            await progress.ParkAsync(events, cancellation);
            return true;
        },
        cancellation);

    /// <summary>A parked event has had its effect.</summary>
    public Task ReleaseAsync(ParkedEvent done, CancellationToken cancellation) => PatientlyAsync(
        async () =>
        {
            await progress.ReleaseAsync(done, Timestamps.Truncate(time.GetUtcNow()), cancellation);
            return true;
        },
        cancellation);

    /// <summary>Asks, again and again while the store is away. All that is asked here may happen twice.</summary>
    private async Task<T> PatientlyAsync<T>(Func<ValueTask<T>> ask, CancellationToken cancellation)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await ask();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(options.Store.After(failures), time, cancellation);
            }
        }
    }

    private async ValueTask<IReadOnlyList<bool>> RecordAllAsync(IReadOnlyList<Effect> batch)
    {
        await progress.RecordEffectsAsync(consumer, batch, CancellationToken.None);
        return new bool[batch.Count];
    }
}
