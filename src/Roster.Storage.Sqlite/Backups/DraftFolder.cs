namespace Roster.Storage.Sqlite.Backups;

/// <summary>
/// A folder that is written under another name beside its own, and gets its own only when it is whole and durable. Left
/// behind by a kill, it is still called <c>NAME.….part</c>; left in any other way, it is removed.
/// </summary>
internal sealed class DraftFolder : IDisposable
{
    private readonly string target;
    private bool published;

    /// <summary>Makes the draft.</summary>
    /// <exception cref="IOException">The target exists and is not empty.</exception>
    public DraftFolder(string target)
    {
        this.target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        RequireFree();
        Path = $"{this.target}.{System.IO.Path.GetRandomFileName()[..8]}.part";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        DataFolder.Create(Path);
    }

    /// <summary>Where to write meanwhile.</summary>
    public string Path { get; }

    /// <summary>Syncs the names of all that is in it, and gives it its own name.</summary>
    /// <exception cref="IOException">Meanwhile something came to lie there.</exception>
    public void Publish()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Append(Path))
        {
            OwnersFile.SyncFolder(folder);
        }

        RequireFree();
        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }

        Directory.Move(Path, target);
        published = true;
        OwnersFile.SyncFolder(System.IO.Path.GetDirectoryName(target)!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!published)
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private void RequireFree()
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new IOException(
                $"{target} exists and is not empty{(DataFolder.HolderOf(target) is { } holder ? $", and process {holder} holds it" : "")}: name a new folder.");
        }
    }
}
