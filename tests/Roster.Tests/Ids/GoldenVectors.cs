namespace Roster.Tests.Ids;

/// <summary>Reads the files of the folder Data, which the build puts beside the tests; <c>generate.py</c> made them.</summary>
internal static class GoldenVectors
{
    public static IReadOnlyList<string[]> Rows(string name) =>
        [.. from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Ids", "Data", name))
            where !line.StartsWith('#')
            select line.Split('\t')];
}
