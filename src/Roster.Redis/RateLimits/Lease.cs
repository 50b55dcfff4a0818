using Roster.Core.RateLimits;

namespace Roster.Redis.RateLimits;

/// <summary>What a node holds of a caller's shared budget. Safe for concurrent use.</summary>
internal sealed class Lease
{
    private readonly Lock gate = new();
    private Task<bool>? asking;
    private int tokens;
    private int left;
    private long expires;
    private long emptyUntil;
    private TimeSpan untilFull;
    private long era;

    /// <summary>Whether it holds nothing worth keeping.</summary>
    public bool IsIdle(long now)
    {
        lock (gate)
        {
            return asking is null && now >= expires && now >= emptyUntil;
        }
    }

    /// <summary>A verdict from what is held, or null: then a block has to be asked for.</summary>
    public RateVerdict? Take(long now, TimeProvider time)
    {
        lock (gate)
        {
            if (tokens > 0 && now < expires)
            {
                tokens--;
                return new RateVerdict(true, tokens + left, untilFull);
            }

            // Whoever is refused does not ask: the time of the next token is known.
            return now < emptyUntil ? new RateVerdict(false, 0, time.GetElapsedTime(now, emptyUntil)) : null;
        }
    }

    /// <summary>Gives up what is held: what nobody has used, to be given back.</summary>
    public Unused Surrender()
    {
        lock (gate)
        {
            var unused = new Unused(tokens, era);
            tokens = 0;
            return unused;
        }
    }

    /// <summary>The question for a block: the one under way, or a new one. False when Redis is away.</summary>
    public Task<bool> AskAsync(Func<Task<bool>> ask)
    {
        lock (gate)
        {
            return asking ??= RunAsync(ask);
        }
    }

    /// <summary>Takes what was granted.</summary>
    public void Fill(Grant grant, long expiry, long nextTry)
    {
        lock (gate)
        {
            (tokens, left, untilFull, era) = (grant.Tokens, grant.Left, grant.Wait, grant.Era);
            expires = grant.Tokens > 0 ? expiry : 0;
            emptyUntil = grant.Tokens > 0 ? 0 : nextTry;
        }
    }

    private async Task<bool> RunAsync(Func<Task<bool>> ask)
    {
        // Not under the gate.
        await Task.Yield();
        try
        {
            return await ask();
        }
        finally
        {
            lock (gate)
            {
                asking = null;
            }
        }
    }
}
