using System.Collections.Concurrent;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Tests.Events.Consuming;

/// <summary>A consumer that writes down what it has done, and fails when told to.</summary>
internal sealed class Mailman : IEventConsumer
{
    private readonly ConcurrentQueue<EventMessage> effects = [];

    public string Name => "mail";

    /// <summary>What it wants; everything else is none of its business.</summary>
    public Func<string, bool> Filter { get; init; } = type => type is SignedUp.TypeName or ProfileChanged.TypeName;

    /// <summary>Runs before each effect; what it throws is the failure.</summary>
    public Func<EventMessage, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after each effect.</summary>
    public Func<EventMessage, Task> After { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<EventMessage> Effects => [.. effects];

    public bool Wants(string type) => Filter(type);

    public async Task HandleAsync(EventMessage message, CancellationToken cancellation)
    {
        await Before(message);
        effects.Enqueue(message);
        await After(message);
    }

    /// <summary>Sequences of one user's effects, in the order in which they happened.</summary>
    public IEnumerable<long> Of(UserId user) => Effects.Where(effect => effect.User == user).Select(effect => effect.Sequence);
}
