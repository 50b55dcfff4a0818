namespace Roster.Cluster.Tests;

/// <summary>What a long run found, for <c>bench/results</c>.</summary>
internal static class Report
{
    public static async Task WriteAsync(string name, string text)
    {
        var results = Directory.CreateDirectory(Beneath("bench", "results"));
        await File.WriteAllTextAsync(Path.Combine(results.FullName, name), text);
    }

    /// <summary>A path in the repository.</summary>
    public static string Beneath(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Roster.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests do not run inside the repository.");
        }

        return Path.Combine([folder.FullName, .. parts]);
    }
}
