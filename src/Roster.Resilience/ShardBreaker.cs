using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Resilience;

/// <summary>
/// One kind of call to one shard: once nearly all of them fail, it is not asked for a moment, so that nobody waits for what will fail and
/// the shard is not stormed when it comes back.
/// </summary>
internal sealed class ShardBreaker
{
    private readonly CircuitBreakerManualControl control = new();
    private readonly CircuitBreakerStateProvider state = new();
    private readonly ResiliencePipeline pipeline;
    private readonly ShardId shard;

    /// <summary>A closed one.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="kind">What is asked, as metrics name it.</param>
    /// <param name="options">When it opens.</param>
    /// <param name="deadline">How long a call may take; null where the engine sees to that.</param>
    /// <param name="time">The clock.</param>
    public ShardBreaker(ShardId shard, string kind, GuardOptions options, TimeSpan? deadline, TimeProvider time)
    {
        this.shard = shard;
        var metrics = new BreakerMetrics(shard, kind);
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            // What is refused before it is tried says nothing about the shard, and neither does a caller that went away.
            ShouldHandle = new PredicateBuilder().Handle<StoreUnavailableException>(e => e is not StoreBusyException).Handle<TimeoutRejectedException>(),
            FailureRatio = options.FailureShare,
            MinimumThroughput = options.LeastCalls,
            SamplingDuration = options.Window,
            BreakDuration = options.Pause,
            ManualControl = control,
            StateProvider = state,
            OnOpened = _ => metrics.OpenedAsync(),
            OnClosed = _ => metrics.ClosedAsync(),
        });
        if (deadline is { } most)
        {
            builder.AddTimeout(new TimeoutStrategyOptions { Timeout = most });
        }

        pipeline = builder.Build();
    }

    /// <summary>Whether it lets nobody through, or only one that tries.</summary>
    public bool IsOpen => state.CircuitState != CircuitState.Closed;

    /// <summary>Runs a call.</summary>
    /// <exception cref="StoreBusyException">It is open; nothing was asked.</exception>
    /// <exception cref="StoreUnavailableException">The call failed, or took too long.</exception>
    public async ValueTask<T> RunAsync<TState, T>(
        Func<TState, CancellationToken, ValueTask<T>> call, TState argument, CancellationToken cancellation)
    {
        try
        {
            return await pipeline.ExecuteAsync(call, argument, cancellation);
        }
        catch (BrokenCircuitException)
        {
            throw new StoreBusyException($"Shard {shard.Value} has failed several times in a row; it is tried again within a second or two.");
        }
        catch (TimeoutRejectedException late)
        {
            throw new StoreUnavailableException($"Shard {shard.Value} did not answer in time.", late);
        }
    }

    /// <summary>Somebody has found the shard well: it is asked again at once.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellation)
    {
        if (IsOpen)
        {
            await control.CloseAsync(cancellation);
        }
    }
}
