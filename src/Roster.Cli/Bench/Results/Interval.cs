namespace Roster.Cli.Bench.Results;

/// <summary>One second of a run, by when requests ended.</summary>
/// <param name="Second">From 0.</param>
/// <param name="Succeeded">Successes.</param>
/// <param name="Failed">All else.</param>
/// <param name="P50">Milliseconds.</param>
/// <param name="P99">Milliseconds.</param>
/// <param name="Max">Milliseconds.</param>
internal readonly record struct Interval(int Second, long Succeeded, long Failed, double P50, double P99, double Max);
