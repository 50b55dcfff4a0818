namespace Roster.Tests.Architecture;

/// <summary>The C# files under <c>src</c>, found upwards from where the tests were built.</summary>
internal static class Sources
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<(string Path, string Text)> All { get; } = Read();

    private static string FindRoot()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Roster.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests were not built inside the repository.");
        }

        return root;
    }

    private static List<(string Path, string Text)> Read()
    {
        var src = Path.Combine(Root, "src");
        return [.. Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(src, path).Replace('\\', '/'), Text: File.ReadAllText(path)))
            .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
            .OrderBy(file => file.Path, StringComparer.Ordinal)];
    }
}
