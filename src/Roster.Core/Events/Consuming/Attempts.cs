using System.Diagnostics;
using Roster.Core.Events.Publishing;
using Roster.Core.Storage;
using Roster.Core.Telemetry;

namespace Roster.Core.Events.Consuming;

/// <summary>One attempt at an event, and what a failure means.</summary>
internal sealed class Attempts(IEventConsumer consumer, OutageGate outage, ConsumerOptions options, TimeProvider time)
{
    private const int LongestReason = 500;

    private readonly string span = $"consume {consumer.Name}";

    /// <summary>Tries until the event had its effect, or failed by itself; outages are waited out.</summary>
    /// <param name="message">The event.</param>
    /// <param name="before">Attempts that failed before this one.</param>
    /// <param name="isStillOurs">Asked before each attempt: false when somebody else has done it, or will.</param>
    /// <param name="cancellation">Nothing is begun any more; what is under way gets some time to end.</param>
    /// <returns>How it ended; a failure as the event is to be parked.</returns>
    public async Task<AttemptResult> RunAsync(
        EventMessage message, int before, Func<Task<bool>> isStillOurs, CancellationToken cancellation)
    {
        while (true)
        {
            await outage.PassAsync(cancellation);
            if (!await isStillOurs())
            {
                return AttemptResult.NotOurs;
            }

            cancellation.ThrowIfCancellationRequested();
            using var late = new Lateness(options.Grace, time, cancellation);
            try
            {
                await HandleAsync(message, late.Token);
                outage.Open();
                return AttemptResult.Done;
            }
            catch (OperationCanceledException) when (late.Token.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (ConsumerUnavailableException e)
            {
                ConsumingMetrics.Failure(consumer.Name, "unavailable");
                outage.Close(e);
            }
            catch (Exception e)
            {
                outage.Open();
                return new AttemptResult(HasEffect: false, Failed(message, before + 1, e));
            }
        }
    }

    private async Task HandleAsync(EventMessage message, CancellationToken cancellation)
    {
        using var handling = Spans.Begin(span, ActivityKind.Consumer, EventTrace.Of(message.Json));
        handling?.SetTag("cloudevents.event_type", message.Type);
        try
        {
            await consumer.HandleAsync(message, cancellation);
        }
        catch (Exception e) when (Spans.Failed(handling, e))
        {
            throw;
        }
    }

    /// <summary>An event that waits for one before it.</summary>
    public ParkedEvent Behind(EventMessage message, long first) => new()
    {
        Consumer = consumer.Name,
        Event = message,
        Reason = $"Waits for event {first} of this user, or for one before it.",
        Attempts = 0,
        Since = Timestamps.Truncate(time.GetUtcNow()),

        // Counts only if that one has ended by now.
        NextAttempt = Timestamps.Truncate(time.GetUtcNow()),
    };

    /// <summary>For people, who have to look at it.</summary>
    public static Notice GivenUp(ParkedEvent parked) => new(
        IsLoss: false,
        $"Consumer {parked.Consumer} has parked event {parked.Event.Sequence} of user {parked.Event.User} until a person has it retried (roster events): {parked.Reason}");

    private ParkedEvent Failed(EventMessage message, int attempts, Exception e)
    {
        var isPoison = e is PoisonEventException;
        ConsumingMetrics.Failure(consumer.Name, isPoison ? "poison" : "retry");
        var now = Timestamps.Truncate(time.GetUtcNow());
        return new ParkedEvent
        {
            Consumer = consumer.Name,
            Event = message,
            Reason = Reason(e),
            Attempts = attempts,
            Since = now,
            NextAttempt = isPoison || attempts >= options.MaxAttempts ? null : Timestamps.Truncate(now + options.Retries.After(attempts)),
        };
    }

    /// <summary>One line that every engine can keep.</summary>
    private static string Reason(Exception e)
    {
        var text = e is PoisonEventException ? e.Message : $"{e.GetType().Name}: {e.Message}";
        var line = string.Concat(text.EnumerateRunes().Take(LongestReason).Select(rune => System.Text.Rune.IsControl(rune) ? " " : rune.ToString()));
        return line.Length == 0 ? "No reason was given." : line;
    }
}

/// <summary>How an attempt ended.</summary>
/// <param name="HasEffect">The effect happened.</param>
/// <param name="Failure">It failed: the event as it is to be parked.</param>
internal readonly record struct AttemptResult(bool HasEffect, ParkedEvent? Failure)
{
    public static AttemptResult Done => new(true, null);

    public static AttemptResult NotOurs => default;
}
