namespace Roster.Tests.Architecture;

/// <summary>The repository's C# files, found upwards from where the tests were built.</summary>
internal static class Sources
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Those under <c>src</c>.</summary>
    public static IReadOnlyList<(string Path, string Text)> All { get; } = Under("src");

    /// <summary>Those under a folder of the repository, by their paths in it.</summary>
    public static IReadOnlyList<(string Path, string Text)> Under(string folder)
    {
        var top = Path.Combine(Root, folder);
        return [.. Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(top, path).Replace('\\', '/'), Text: File.ReadAllText(path)))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
    }

    private static string FindRoot()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Roster.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests were not built inside the repository.");
        }

        return root;
    }
}
