using Roster.Core.Storage;

namespace Roster.Storage.Postgres.Members;

/// <summary>
/// One read that several members can answer: they are asked in order, the next one when the one before fails, cannot
/// answer, or takes so long that it may be dead. The first answer counts. So one member's death or pause fails no read.
/// (J. Dean, L. A. Barroso, "The Tail at Scale", 2013: hedged requests.)
/// </summary>
/// <param name="hedge">A member gets this long before the next is asked too.</param>
/// <param name="metrics">Counts who was asked.</param>
internal sealed class ReadRace(TimeSpan hedge, MemberMetrics metrics)
{
    /// <summary>The first answer; null when no member can give one.</summary>
    /// <param name="members">Whom to ask, in order.</param>
    /// <param name="ask">Asks one; null when it has not come far enough.</param>
    /// <param name="cancellation">Stops waiting; the questions end by themselves.</param>
    /// <exception cref="StoreUnavailableException">The last one that was asked failed so, and nobody answered.</exception>
    public async Task<T?> RunAsync<T>(IReadOnlyList<ShardMember> members, Func<ShardMember, Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        var asked = new List<Task<T?>>(1);
        var next = 0;
        StoreUnavailableException? failure = null;
        while (true)
        {
            if (next < members.Count)
            {
                if (next > 0)
                {
                    metrics.Retried();
                }

                asked.Add(ask(members[next++]));
            }
            else if (asked.Count == 0)
            {
                return failure is null ? null : throw failure;
            }

            if (await FirstAsync(asked, next < members.Count ? hedge : Timeout.InfiniteTimeSpan, cancellation) is not { } first)
            {
                continue;
            }

            asked.Remove(first);
            try
            {
                if (await first is { } answer)
                {
                    asked.ForEach(Forget);
                    return answer;
                }
            }
            catch (StoreUnavailableException e)
            {
                failure = e;
            }
        }
    }

    private static async Task<Task<T?>?> FirstAsync<T>(List<Task<T?>> asked, TimeSpan patience, CancellationToken cancellation)
    {
        var any = asked.Count == 1 ? asked[0] : (Task)Task.WhenAny(asked);
        try
        {
            await any.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException) when (!any.IsCompleted)
        {
            return null;
        }
        catch (Exception) when (any.IsCompleted)
        {
            // Looked at by the caller.
        }

        return asked.Find(task => task.IsCompleted);
    }

    private static void Forget<T>(Task<T?> late) =>
        _ = late.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
