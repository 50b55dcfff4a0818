namespace Roster.Api.Metrics;

/// <summary>Where metrics can be read without a key.</summary>
/// <param name="OpenPorts">Ports of listeners that serve <c>/metrics</c> to anybody, and nothing else.</param>
public sealed record MetricsOptions(IReadOnlyList<int> OpenPorts);
