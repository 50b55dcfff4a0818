using System.Net.Sockets;
using System.Text.RegularExpressions;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;

namespace Roster.Cluster.Tests.Edge;

/// <summary>
/// A real nginx with the files that <c>deploy/compose</c> mounts into its image, each at its place. Its port, its log and the
/// node's address are the test's: Debian's nginx does not know <c>resolve</c>.
/// </summary>
internal sealed partial class ComposeEdge : IAsyncDisposable
{
    private const string Image = "/etc/nginx/";
    private const string Nodes = "server api:8080 resolve ";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");
    private readonly int port = LoopbackPorts.Free();
    private readonly Uri node;
    private ChildProcess? nginx;

    public ComposeEdge(Uri node)
    {
        this.node = node;
        foreach (Match mount in Mount().Matches(File.ReadAllText(Report.Beneath("deploy", "compose", "common.yaml"))))
        {
            Copy(Path.GetFullPath(mount.Groups["from"].Value, Report.Beneath("deploy", "compose")), mount.Groups["to"].Value);
        }

        File.WriteAllText(Settings, Main);
    }

    public Uri Address => new($"http://127.0.0.1:{port}");

    /// <summary>How often the nodes were named in a way that finds new ones.</summary>
    public int Resolved { get; private set; }

    private string Settings => Path.Combine(folder.FullName, "nginx.conf");

    /// <summary>What <c>nginx -t</c> says, and its exit code.</summary>
    public async Task<(int Code, string Said)> CheckAsync()
    {
        await using var test = Run("-t");
        var code = await test.WaitAsync(RosterProcess.Patience);
        return (code, test.Errors);
    }

    public async Task StartAsync()
    {
        nginx = Run();
        using var deadline = new CancellationTokenSource(RosterProcess.Patience);
        while (true)
        {
            try
            {
                using var tried = new TcpClient();
                await tried.ConnectAsync("127.0.0.1", port, deadline.Token);
                return;
            }
            catch (SocketException) when (!nginx.HasExited)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (nginx?.DisposeAsync() ?? ValueTask.CompletedTask);
        folder.Delete(recursive: true);
    }

    private ChildProcess Run(params string[] arguments) => ChildProcess.Start(
        new ServerProgram("/usr/sbin/nginx", ["-e", "stderr", "-p", folder.FullName, "-c", Settings]), arguments, folder.FullName);

    /// <summary>What is mounted later lies over what was mounted before, as in a container.</summary>
    private void Copy(string from, string to)
    {
        if (Directory.Exists(from))
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
            }

            return;
        }

        var text = File.ReadAllText(from);
        Resolved += to.EndsWith("/blue.conf", StringComparison.Ordinal) && from.Contains("/compose/", StringComparison.Ordinal) && text.Contains(Nodes, StringComparison.Ordinal) ? 1 : 0;
        var place = Path.Combine(folder.FullName, Path.GetRelativePath(Image, to));
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, text
            .Replace("${NGINX_LOCAL_RESOLVERS}", "127.0.0.1", StringComparison.Ordinal)
            .Replace(Nodes, $"server {node.Authority} ", StringComparison.Ordinal)
            .Replace("listen 8080;", $"listen 127.0.0.1:{port};", StringComparison.Ordinal)
            .Replace("/dev/stdout", "access.log", StringComparison.Ordinal)
            .Replace(Image, folder.FullName + "/", StringComparison.Ordinal));
    }

    /// <summary>As the image's own, but one process in the foreground that writes nothing outside its folder.</summary>
    private const string Main = """
        daemon off;
        master_process off;
        pid nginx.pid;

        events {
            worker_connections 1024;
        }

        http {
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            include templates/*.template;
        }

        """;

    [GeneratedRegex(@"^ +- (?<from>\.\S+):(?<to>/etc/nginx/\S+):ro$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mount();
}
