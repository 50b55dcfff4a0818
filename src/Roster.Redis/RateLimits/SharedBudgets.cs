using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Roster.Core.RateLimits;
using StackExchange.Redis;

namespace Roster.Redis.RateLimits;

/// <summary>What all nodes together have left for each caller: in Redis, by Redis's clock.</summary>
/// <param name="calls">The way to Redis.</param>
/// <param name="options">What each caller may.</param>
internal sealed class SharedBudgets(RedisCalls calls, RateLimitOptions options)
{
    /// <summary>
    /// GCRA over blocks: gives back what a node has not used, then takes as many tokens as there are, up to a block. What comes back after
    /// the budget was full (another era) would be beyond the limit: it has grown anew by itself. ARGV: microseconds in which a token grows,
    /// tokens of a full budget, tokens of a block, tokens that come back, the era that they are of. Answers: tokens granted, tokens left,
    /// microseconds until there is one (none granted) or until it is full, the era.
    /// </summary>
    private const string Script = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local interval = tonumber(ARGV[1])
        local span = interval * ARGV[2]
        local full, era = string.match(redis.call('GET', KEYS[1]) or '', '^(%S+) (%S+)$')
        full = tonumber(full or 0)
        if era == ARGV[5] then
          full = full - ARGV[4] * interval
        end
        if full <= now then
          full = now
          era = string.format('%.0f', now)
        end
        local there = math.floor((now + span - full) / interval)
        local granted = math.min(there, tonumber(ARGV[3]))
        if granted < 1 then
          return {0, 0, math.ceil(full + interval - now - span), era}
        end
        full = full + granted * interval
        redis.call('SET', KEYS[1], string.format('%.3f %s', full, era), 'PX', math.ceil((full - now) / 1000) + 1000)
        return {granted, there - granted, math.ceil(full - now), era}
        """;

    private readonly RedisValue interval = 1_000_000d / options.PerSecond;

    /// <summary>Takes a block.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="unused">What is left of the block before it.</param>
    /// <returns>Null when Redis is away.</returns>
    public async Task<Grant?> TakeAsync(RateKey key, Unused unused)
    {
        RedisKey[] keys = [NameOf(key)];
        RedisValue[] arguments = [interval, options.Burst, options.Block, unused.Tokens, unused.Era];
        var told = await calls.TryWriteAsync(database => database.ScriptEvaluateAsync(Script, keys, arguments), calls.Connection.Options.Deadline);
        return told is { IsNull: false } && (RedisResult[]?)told is [var tokens, var left, var wait, var era]
            ? new Grant((int)tokens, (int)left, TimeSpan.FromMicroseconds((long)wait), (long)era)
            : null;
    }

    /// <summary>A caller's name may be a person's: Redis sees its hash. The limit stands in it, as another one counts anew.</summary>
    private RedisKey NameOf(RateKey key) => string.Create(
        CultureInfo.InvariantCulture,
        $"roster:rate:{options.PerSecond}:{options.Burst}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())).AsSpan(0, 16))}");
}

/// <summary>What came of asking for a block.</summary>
/// <param name="Tokens">Requests that this node may let through; 0 when there are none.</param>
/// <param name="Left">What all nodes together have left.</param>
/// <param name="Wait">Until there is one again, or until all is full again.</param>
/// <param name="Era">When the budget was full for the last time: what is not used can be given back in the same era.</param>
internal readonly record struct Grant(int Tokens, int Left, TimeSpan Wait, long Era);

/// <summary>What a node gives back.</summary>
/// <param name="Tokens">Requests that it let nobody make.</param>
/// <param name="Era">Of the grant that they are from.</param>
internal readonly record struct Unused(int Tokens, long Era);
