namespace Roster.Cli.Bench.Popularity;

/// <summary>All alike.</summary>
internal sealed class Uniform(int count) : IPopularity
{
    /// <inheritdoc/>
    public int Next(Random random) => random.Next(count);
}
