using Roster.Core.Events;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Storage.Conformance.Model;

namespace Roster.Tests.Events.Consuming;

/// <summary>A consumer of mails that runs until it is disposed, with stores in memory; what fails is tried again soon.</summary>
internal sealed class RunningMail : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    /// <summary>Starts it.</summary>
    /// <param name="source">Where events come from.</param>
    /// <param name="before">Runs before each effect; what it throws is the failure.</param>
    public RunningMail(IEventSource source, Func<EventMessage, Task> before)
    {
        Mail.Before = before;
        var options = new ConsumerOptions
        {
            Holder = "a",
            LookEvery = TimeSpan.FromMilliseconds(10),
            Retries = new BackOff(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20)),
        };
        running = new ConsumerRunner(Mail, source, new MemoryControlStore(), new MemoryProgressStore(), options, TimeProvider.System, _ => { }).RunAsync(stop.Token);
    }

    /// <summary>What it has done.</summary>
    public Mailman Mail { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }
}
