using System.Net;
using System.Threading.RateLimiting;
using Roster.Core.RateLimits;

namespace Roster.Api.Auth.Failures;

/// <summary>
/// How many credentials an address may get wrong in a minute. Addresses share a fixed number of partitions (an IPv6
/// network of 64 bits is one), and idle partitions go, so no crowd of addresses can fill the memory.
/// </summary>
internal sealed class FailureLimit(AuthOptions options) : IDisposable
{
    /// <summary>Over how long failures are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int Partitions = 16_384;

    private readonly PartitionedRateLimiter<int> failures = Of(options.FailuresPerMinute);
    private readonly PartitionedRateLimiter<int> reports = Of(1);

    /// <summary>Counts one failure.</summary>
    /// <returns>How long to wait when there were too many; null while there were not.</returns>
    public TimeSpan? Count(IPAddress? address)
    {
        using var lease = failures.AttemptAcquire(PartitionOf(address));
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
    }

    /// <summary>Whether "too many" is to be logged: once in a window.</summary>
    public bool IsNews(IPAddress? address)
    {
        using var lease = reports.AttemptAcquire(PartitionOf(address));
        return lease.IsAcquired;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        failures.Dispose();
        reports.Dispose();
    }

    /// <summary>Where an address is counted. Seeded anew in every process, so nobody can choose whose budget to share.</summary>
    internal static int PartitionOf(IPAddress? address)
    {
        var network = RateKey.Of(address).Network;
        return (HashCode.Combine((uint)(network >> 32), (uint)network) & int.MaxValue) % Partitions;
    }

    private static PartitionedRateLimiter<int> Of(int permits) => PartitionedRateLimiter.Create<int, int>(partition =>
        RateLimitPartition.GetFixedWindowLimiter(partition, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window }));
}
