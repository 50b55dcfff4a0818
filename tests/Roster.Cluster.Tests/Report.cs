namespace Roster.Cluster.Tests;

/// <summary>What a long run found, for <c>bench/results</c>.</summary>
internal static class Report
{
    public static async Task WriteAsync(string name, string text)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Roster.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests do not run inside the repository.");
        }

        var results = Directory.CreateDirectory(Path.Combine(folder.FullName, "bench", "results"));
        await File.WriteAllTextAsync(Path.Combine(results.FullName, name), text);
    }
}
