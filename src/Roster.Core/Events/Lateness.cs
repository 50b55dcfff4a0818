namespace Roster.Core.Events;

/// <summary>A token that is cancelled some time after another: what is under way may end.</summary>
internal sealed class Lateness : IDisposable
{
    private readonly CancellationTokenSource late;
    private readonly CancellationTokenRegistration early;

    public Lateness(TimeSpan grace, TimeProvider time, CancellationToken cancellation)
    {
        late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        early = cancellation.Register(() => late.CancelAfter(grace));
    }

    /// <summary>The late token.</summary>
    public CancellationToken Token => late.Token;

    public void Dispose()
    {
        early.Dispose();
        late.Dispose();
    }
}
