using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Containers;

/// <summary>The real image, run by the real podman.</summary>
[Trait("Category", "Long")]
public sealed class ContainerTests(ContainerImage image) : IClassFixture<ContainerImage>
{
    private static readonly Uri Metrics = new("/metrics", UriKind.Relative);

    private readonly Podman podman = image.Podman;

    [Fact]
    public async Task The_image_serves_as_nobody_on_a_root_that_cannot_be_written()
    {
        var port = LoopbackPorts.Free();
        var id = await podman.OkAsync(
            "podman", "run", "--detach", "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
            "--memory", "512m", "--publish", $"127.0.0.1:{port}:8080", "--env", $"Roster__Auth__AdminKey={ContainedServer.Key}", "localhost/roster:dev");
        using var server = new ContainedServer(port);
        await server.ReadyAsync();
        var user = await server.SignUpAsync("ada@example.com");

        await ConfinedAsync(id);

        // The image's own health check, as Docker runs it.
        await podman.OkAsync("podman", "healthcheck", "run", id);

        // Told to stop, it ends in order; started again, it has what it acknowledged.
        await podman.OkAsync("podman", "stop", "--time", "30", id);
        Assert.Equal("0", await podman.OkAsync("podman", "inspect", id, "--format", "{{.State.ExitCode}}"));
        await podman.OkAsync("podman", "start", id);
        await server.ReadyAsync();
        Assert.Contains("ada@example.com", await server.ReadAsync(user), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_image_is_small_and_holds_no_shell()
    {
        var files = (await podman.OkAsync("sh", "-c", "id=$(podman create localhost/roster:dev) && podman export $id | tar -tv && podman rm $id >/dev/null")).Split('\n');

        Assert.DoesNotContain(files, file => file.EndsWith("/sh", StringComparison.Ordinal) || file.EndsWith("/bash", StringComparison.Ordinal));
        var own = files.Where(file => file.Contains(" app/", StringComparison.Ordinal)).Sum(file => long.Parse(file.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2]));
        Assert.InRange(own, 1_000_000, 60_000_000);
        Assert.Equal("1654:1654", await podman.OkAsync("podman", "image", "inspect", "localhost/roster:dev", "--format", "{{.User}}"));
    }

    [Fact]
    public async Task The_compose_file_of_one_process_serves()
    {
        var port = LoopbackPorts.Free();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ROSTER_ADMIN_KEY"] = ContainedServer.Key,
            ["ROSTER_PORT"] = $"{port}",
        };
        var compose = Report.Beneath("deploy", "compose", "single.yaml");
        await podman.OkAsync(environment, "podman-compose", "-f", compose, "up", "--detach", "--no-build");
        try
        {
            using var server = new ContainedServer(port);
            await server.ReadyAsync();
            await server.SignUpAsync("grace@example.com");
            await ConfinedAsync(await podman.OkAsync("podman", "ps", "--quiet", "--filter", "label=com.docker.compose.service=roster"));
        }
        finally
        {
            await podman.OkAsync(environment, "podman-compose", "-f", compose, "down", "--volumes");
        }
    }

    [Fact]
    public async Task The_pod_of_the_real_manifest_serves()
    {
        var (port, metrics) = (LoopbackPorts.Free(), LoopbackPorts.Free());
        var all = await podman.OkAsync("kubectl", "kustomize", Report.Beneath("deploy", "k8s", "overlays", "single"));
        var known = all.Split("---\n").Where(manifest => manifest.Contains("\nkind: ConfigMap\n", StringComparison.Ordinal)
            || manifest.Contains("\nkind: PersistentVolumeClaim\n", StringComparison.Ordinal)
            || manifest.Contains("\nkind: Deployment\n", StringComparison.Ordinal));

        // The only change: ports are published on loopback, where else podman would publish them on every address.
        var manifests = string.Join("---\n", known)
            .Replace("- containerPort: 8080\n", $"- containerPort: 8080\n          hostIP: 127.0.0.1\n          hostPort: {port}\n", StringComparison.Ordinal)
            .Replace("- containerPort: 9464\n", $"- containerPort: 9464\n          hostIP: 127.0.0.1\n          hostPort: {metrics}\n", StringComparison.Ordinal)
            .Replace("  Roster__Storage: sqlite\n", $"  Roster__Storage: sqlite\n  Roster__Auth__AdminKey: {ContainedServer.Key}\n", StringComparison.Ordinal);
        var file = podman.Write("pod.yaml", manifests);
        await podman.OkAsync("podman", "play", "kube", "--build=false", file);

        using var server = new ContainedServer(port);
        await server.ReadyAsync();
        await server.SignUpAsync("edsger@example.com");
        using var watched = new ContainedServer(metrics);
        Assert.Contains("roster_", await watched.ReadAsync(Metrics), StringComparison.Ordinal);
        var id = await podman.OkAsync("podman", "ps", "--quiet", "--filter", "name=roster-api-pod-0-roster");
        await ConfinedAsync(id);
        await podman.OkAsync("podman", "exec", id, "dotnet", "roster.dll", "health");
        await podman.OkAsync("podman", "play", "kube", "--down", file);
    }

    /// <summary>What the kernel says of the process, not what its configuration asks for.</summary>
    private async Task ConfinedAsync(string container)
    {
        var id = await podman.OkAsync("podman", "inspect", container, "--format", "{{.State.Pid}}");
        var process = (await File.ReadAllLinesAsync($"/proc/{id}/status")).Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].Trim(), StringComparer.Ordinal);
        Assert.Equal("1654\t1654\t1654\t1654", process["Uid"]);
        Assert.Equal("1654\t1654\t1654\t1654", process["Gid"]);
        Assert.Equal("0000000000000000", process["CapEff"]);
        Assert.Equal("1", process["NoNewPrivs"]);
        var root = (await File.ReadAllLinesAsync($"/proc/{id}/mounts")).Select(line => line.Split(' ')).First(mount => mount[1] == "/");
        Assert.Contains("ro", root[3].Split(','));
    }
}
