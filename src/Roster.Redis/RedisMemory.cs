using System.Globalization;

namespace Roster.Redis;

/// <summary>What Redis says about its memory.</summary>
/// <param name="UsedBytes">Bytes in use.</param>
/// <param name="MaxBytes">Bytes that it may use; 0 when there is no bound.</param>
/// <param name="IsEvicting">Whether it makes room when the bound is reached, rather than refuse writes.</param>
/// <param name="Evicted">Keys that had to make room.</param>
public sealed record RedisMemory(long UsedBytes, long MaxBytes, bool IsEvicting, long Evicted)
{
    /// <summary>Reads the answer to <c>INFO</c>.</summary>
    internal static RedisMemory Of(string info)
    {
        var lines = info.Split('\n', StringSplitOptions.TrimEntries);
        return new RedisMemory(
            Number("used_memory:"), Number("maxmemory:"), Text("maxmemory_policy:") is var policy && policy.StartsWith("allkeys-", StringComparison.Ordinal), Number("evicted_keys:"));

        string Text(string name) =>
            Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[name.Length..] : string.Empty;

        long Number(string name) => long.TryParse(Text(name), CultureInfo.InvariantCulture, out var number) ? number : 0;
    }
}
