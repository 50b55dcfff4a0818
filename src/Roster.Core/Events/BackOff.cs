namespace Roster.Core.Events;

/// <summary>Growing pauses between attempts: doubled each time up to a limit, and by chance up to half shorter, so that many who failed together do not come back together.</summary>
/// <param name="First">The pause after the first failure.</param>
/// <param name="Longest">The longest pause.</param>
public sealed record BackOff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The pause after so many failures in a row, from 1.</summary>
    public TimeSpan After(int failures)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(failures - 1, 0, 40));
        return (doubled < Longest ? doubled : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
