using System.Collections.Concurrent;
using Roster.Api;
using Roster.Core.Events;
using Roster.Core.Events.Outboxes;
using Roster.Core.Storage;

namespace Roster.Tests.Events.Outboxes;

/// <summary>One process of many, in this one: what it needs to read outboxes, with short times.</summary>
internal sealed class Node(string name, IStore store, IControlStore control, IProgressStore progress) : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> works = [];

    public static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(600);

    public string Name => name;

    public ConcurrentQueue<Notice> Notices { get; } = [];

    public ReadingOptions Options { get; init; } = new()
    {
        Holder = name,
        Lease = Lease,
        Page = 50,
        Idle = TimeSpan.FromMilliseconds(5),
        Gather = TimeSpan.FromMilliseconds(1),
        SaveEvery = TimeSpan.FromMilliseconds(20),
        BackOff = new BackOff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50)),
    };

    public OutboxReaders Outboxes => new(store, control, progress, RosterApi.EventEncoder, Options, TimeProvider.System, Notices.Enqueue);

    public Node Start(IEventWork work)
    {
        works.Add(work.RunAsync(stop.Token));
        return this;
    }

    /// <summary>Stops it in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (works.Count > 0)
        {
            await stop.CancelAsync();
            await Task.WhenAll(works);
            works.Clear();
            stop.Dispose();
        }
    }
}
