using Roster.Cli.Bench.Results;

namespace Roster.Cli.Bench.Load;

/// <summary>When requests are sent.</summary>
internal interface ILoop
{
    /// <summary>Runs without measuring, then measures.</summary>
    /// <param name="warmup">Time before anything counts.</param>
    /// <param name="duration">Time measured.</param>
    /// <param name="requests">Requests measured at most.</param>
    /// <param name="into">Receives what is measured.</param>
    /// <param name="cancellation">Ends the run early.</param>
    Task RunAsync(TimeSpan warmup, TimeSpan duration, long requests, BenchResult into, CancellationToken cancellation);
}
