using System.Text.Json;

namespace Roster.Cluster.Tests.Overload;

/// <summary>What <c>roster bench</c> measured.</summary>
internal sealed record Measured(JsonElement Json)
{
    public long Requests => Json.GetProperty("requests").GetInt64();

    public long Accepted => Json.GetProperty("succeeded").GetInt64();

    public double AcceptedPerSecond => Json.GetProperty("ratePerSecond").GetDouble();

    /// <summary>By how they ended, in words.</summary>
    public string Ends => string.Join(", ", Json.GetProperty("errors").EnumerateObject().Select(error => $"{error.Name}: {error.Value.GetInt64():N0}"));

    /// <summary>Neither accepted nor refused.</summary>
    public long Lost => Json.GetProperty("errors").EnumerateObject().Where(error => error.Name is not ("503" or "429")).Sum(error => error.Value.GetInt64());

    public long Refused => Requests - Accepted - Lost;

    /// <summary>Milliseconds.</summary>
    public double Latency(string percentile) => Json.GetProperty("latencyMs").GetProperty(percentile).GetDouble();

    /// <summary>Milliseconds.</summary>
    public double Refusal(string percentile) => Json.GetProperty("refusalMs").GetProperty(percentile).GetDouble();

    /// <summary>How late the generator itself was, in milliseconds.</summary>
    public double Lateness(string percentile) => Json.GetProperty("schedulingDelayMs").GetProperty(percentile).GetDouble();

    public double ClientProcessors => Json.GetProperty("clientProcessors").GetDouble();
}
