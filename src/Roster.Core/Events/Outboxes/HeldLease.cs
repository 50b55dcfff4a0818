using Roster.Core.Storage;

namespace Roster.Core.Events.Outboxes;

/// <summary>
/// A lease while it is held: renewed at a third of its time, given back when disposed. A process that was paused is told by
/// <see cref="Stands"/>, which compares with a monotonic clock at that very moment: a timer may not have run yet.
/// </summary>
internal sealed class HeldLease : IAsyncDisposable
{
    private static readonly TimeSpan PatienceToRelease = TimeSpan.FromSeconds(2);

    private readonly IControlStore control;
    private readonly Lease lease;
    private readonly TimeSpan duration;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource released = new();
    private readonly Task renewing;
    private long granted;

    private HeldLease(IControlStore control, Lease lease, TimeSpan duration, TimeProvider time, long asked)
    {
        this.control = control;
        this.lease = lease;
        this.duration = duration;
        this.time = time;
        granted = asked;
        lost = new CancellationTokenSource(Left, time);
        renewing = RenewAsync();
    }

    /// <summary>Grows whenever the holder changes.</summary>
    public long Fence => lease.Fence;

    /// <summary>False as soon as somebody else may have it.</summary>
    public bool Stands => !lost.IsCancellationRequested && Left > TimeSpan.Zero;

    /// <summary>Cancelled when it does not stand any more.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Counted from the asking: the store's answer may have been under way for long.</summary>
    private TimeSpan Left
    {
        get
        {
            var left = duration - time.GetElapsedTime(Volatile.Read(ref granted));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Takes a lease; null when somebody else has it.</summary>
    /// <exception cref="StoreUnavailableException">Nobody can be asked.</exception>
    public static async Task<HeldLease?> TryTakeAsync(
        IControlStore control, string name, string holder, TimeSpan duration, TimeProvider time, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var taken = await control.AcquireLeaseAsync(name, holder, time.GetUtcNow(), duration, cancellation);
        return taken is null ? null : new HeldLease(control, taken, duration, time, asked);
    }

    /// <summary>Somebody with a higher fence has been here.</summary>
    public void Abandon() => lost.Cancel();

    public async ValueTask DisposeAsync()
    {
        await released.CancelAsync();
        await renewing;
        try
        {
            using var patience = new CancellationTokenSource(PatienceToRelease, time);
            await control.ReleaseLeaseAsync(lease.Name, lease.Fence, patience.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            // Then it ends by itself.
        }

        lost.Dispose();
        released.Dispose();
    }

    private async Task RenewAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, released.Token);
        try
        {
            for (var pause = duration / 3; Stands; pause = await TryRenewAsync(end.Token) ? duration / 3 : duration / 20)
            {
                await Task.Delay(pause, time, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Lost or released.
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellation)
    {
        try
        {
            var asked = time.GetTimestamp();
            var again = await control.AcquireLeaseAsync(lease.Name, lease.Holder, time.GetUtcNow(), duration, cancellation);
            if (again?.Fence != lease.Fence)
            {
                // Somebody else has it, or has had it.
                await lost.CancelAsync();
                return false;
            }

            Volatile.Write(ref granted, asked);
            lost.CancelAfter(Left);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // An outage, or a bug: in either case it is asked for again while it stands.
            return false;
        }
    }
}
