namespace Roster.Cli.Bench.Popularity;

/// <summary>Which of many is chosen next.</summary>
internal interface IPopularity
{
    /// <summary>From 0 to one less than there are; 0 is the most popular.</summary>
    int Next(Random random);
}
