namespace Plot;

/// <summary>A title that says what was measured.</summary>
internal static class Titles
{
    public static string Of(IReadOnlyList<Measured> runs)
    {
        var (mixes, loads) = (runs.Select(run => run.Mix).Distinct().ToArray(), runs.Select(run => run.Load).Distinct().ToArray());
        return string.Join(" — ", new[] { mixes.Length == 1 ? Shares(mixes[0]) : "Latency and throughput", loads.Length == 1 ? loads[0] : "" }.Where(text => text.Length > 0));
    }

    /// <summary><c>get=90,create=10</c> as people say it.</summary>
    private static string Shares(string mix)
    {
        var parts = mix.Split(',').Select(part => part.Split('=')).ToArray();
        if (parts is [[var alone, ..]])
        {
            return alone;
        }

        var sum = parts.Sum(part => double.Parse(part[1]));
        return string.Join(", ", parts.Select(part => $"{double.Parse(part[1]) * 100 / sum:0.#} % {part[0]}"));
    }
}
