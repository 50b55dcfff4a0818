using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Roster.Cluster.Tests.Processes;

namespace Roster.Cluster.Tests.Containers;

/// <summary>
/// The real podman with a store, networks and volumes of its own, all gone in the end. Its limits are those that a machine
/// without systemd, cgroups of its own and raised limits can give.
/// </summary>
internal sealed class Podman : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-podman-");

    private Podman()
    {
        Write("containers.conf", $"""
            [containers]
            default_ulimits = ["nofile=1024:1024", "nproc=500:500"]
            [engine]
            cgroup_manager = "cgroupfs"
            runtime = "runc"
            events_logger = "file"
            [network]
            network_config_dir = "{folder.FullName}/networks"
            """);
        Write("storage.conf", $"""
            [storage]
            driver = "vfs"
            runroot = "{folder.FullName}/run"
            graphroot = "{folder.FullName}/store"
            """);
        Directory.CreateDirectory(Path.Combine(folder.FullName, "networks"));
    }

    /// <summary>A guard against hanging: a build on a busy machine takes two minutes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>Podman with the image that <c>deploy/Dockerfile</c> makes, on stand-ins for its base images.</summary>
    public static async Task<Podman> WithImageAsync()
    {
        var podman = new Podman();
        try
        {
            await podman.OkAsync(Report.Beneath("deploy", "images", "stand-ins"));
            var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
            var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            await podman.OkAsync(
                "podman", "build", "--isolation", "chroot", "--format", "docker", "--layers=false", "--pull-never",
                "--volume", $"{dotnet}:/usr/share/dotnet:ro", "--volume", $"{packages}:/packages:ro",
                "--file", Report.Beneath("deploy", "Dockerfile"), "--tag", "localhost/roster:dev", Report.Beneath());
            return podman;
        }
        catch
        {
            await podman.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a file beside the store; returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Runs a command that must succeed; returns its standard output, without what it warns of.</summary>
    public Task<string> OkAsync(params string[] command) => OkAsync(new Dictionary<string, string>(), command);

    /// <summary>The same with variables of its own.</summary>
    public async Task<string> OkAsync(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var ended = await RunAsync(environment, command);
        return ended.ExitCode == 0 ? ended.Output.Trim() : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {ended.ExitCode}:\n{ended.Output}{ended.Errors}");
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<Ended> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            // Not the repository's: podman takes a folder with an image's name for what the image is built from.
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["CONTAINERS_CONF"] = Path.Combine(folder.FullName, "containers.conf");
        start.Environment["CONTAINERS_STORAGE_CONF"] = Path.Combine(folder.FullName, "storage.conf");
        start.Environment["TMPDIR"] = folder.FullName;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            using var deadline = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
                return new Ended(process.ExitCode, await output, await errors);
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{string.Join(' ', command)} still runs after {Patience}.", e);
            }
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{command[0]} is missing: install Debian's packages podman, podman-compose, buildah, runc, catatonit and containernetworking-plugins.", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var nothing = new Dictionary<string, string>();
        await RunAsync(nothing, "podman", "pod", "rm", "--all", "--force");
        await RunAsync(nothing, "podman", "rm", "--all", "--force", "--volumes", "--time", "0");
        await RunAsync(nothing, "podman", "network", "prune", "--force");
        await RunAsync(nothing, "podman", "system", "reset", "--force");
        folder.Delete(recursive: true);
    }
}
