using System.ComponentModel;
using System.Reflection;

namespace Roster.Lab;

/// <summary>A small npm project out of an assembly, unpacked and installed once: exact versions with their hashes.</summary>
public static class NpmPackage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Installs it unless it is there.</summary>
    /// <param name="holder">The assembly that holds its files as resources.</param>
    /// <param name="prefix">Where its files are among the resources.</param>
    /// <param name="files">Their names, <c>package-lock.json</c> among them.</param>
    /// <param name="folder">Where to; shared by all who ask, one after the other.</param>
    /// <exception cref="LabException">npm is missing, or cannot have the packages.</exception>
    public static async Task InstallAsync(Assembly holder, string prefix, IReadOnlyList<string> files, string folder)
    {
        Directory.CreateDirectory(folder);
        await using var turn = await TakeTurnAsync(Path.Combine(folder, "install.lock"));
        var isNew = false;
        foreach (var file in files)
        {
            var text = LabResource.Read(holder, prefix + file);
            var path = Path.Combine(folder, file);
            if (!File.Exists(path) || await File.ReadAllTextAsync(path) != text)
            {
                await File.WriteAllTextAsync(path, text);
                isNew = true;
            }
        }

        var done = Path.Combine(folder, "installed");
        if (isNew || !File.Exists(done))
        {
            File.Delete(done);
            await RunNpmAsync(folder);
            await File.WriteAllTextAsync(done, string.Empty);
        }
    }

    private static async Task RunNpmAsync(string folder)
    {
        try
        {
            await LabCommand.RunAsync("npm", "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
        }
        catch (Win32Exception e)
        {
            throw new LabException("npm is missing: install nodejs and npm.", e);
        }
        catch (LabException e)
        {
            throw new LabException($"npm could not install what {Path.Combine(folder, "package-lock.json")} lists: is its registry reachable?\n{e.Message}", e);
        }
    }

    private static async Task<FileStream> TakeTurnAsync(string path)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (waited < Patience)
            {
                await Task.Delay(Pause);
            }
        }
    }
}
