using System.Diagnostics.Metrics;

namespace Roster.Api.Auth.Failures;

/// <summary>What authentication tells about itself.</summary>
internal static class AuthMetrics
{
    private static readonly Meter Meter = new(Metrics.MetricsEndpoint.Meter);

    private static readonly Counter<int> Failures =
        Meter.CreateCounter<int>("roster.auth.failures", "{request}", "Requests without a valid credential, by status");

    /// <summary>Somebody did not get in.</summary>
    /// <param name="status">401, 429 when there were too many before, 503 when a JWT could not be checked.</param>
    public static void Failed(int status) => Failures.Add(1, new KeyValuePair<string, object?>("status", status));
}
