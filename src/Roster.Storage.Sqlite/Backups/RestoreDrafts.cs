namespace Roster.Storage.Sqlite.Backups;

/// <summary>Drafts of several folders; one that lies inside another is part of its draft.</summary>
internal sealed class RestoreDrafts : IDisposable
{
    private readonly List<(string Folder, DraftFolder Draft)> roots = [];

    /// <summary>Makes them.</summary>
    /// <exception cref="IOException">A folder exists and is not empty.</exception>
    public RestoreDrafts(IReadOnlyList<string> folders)
    {
        var all = folders.Select(Full).Distinct(StringComparer.Ordinal).ToList();
        try
        {
            foreach (var root in all.Where(folder => !all.Any(other => other != folder && folder.StartsWith(other, StringComparison.Ordinal))))
            {
                roots.Add((root, new DraftFolder(root)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where to write what belongs into a folder.</summary>
    public string PathOf(string folder)
    {
        var full = Full(folder);
        var (root, draft) = roots.Single(r => full.StartsWith(r.Folder, StringComparison.Ordinal));
        return Path.Combine(draft.Path, full[root.Length..]);
    }

    /// <summary>Gives all their names; the first folder's, which has the control data, last: without it nothing is whole.</summary>
    public void Publish()
    {
        foreach (var (_, draft) in Enumerable.Reverse(roots))
        {
            draft.Publish();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => roots.ForEach(root => root.Draft.Dispose());

    private static string Full(string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;
}
