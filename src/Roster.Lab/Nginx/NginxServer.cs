using System.Globalization;

namespace Roster.Lab.Nginx;

/// <summary>
/// A real nginx before API nodes, on loopback, with the files of <c>deploy/nginx</c>. It ends, and its folder goes, with the
/// process that started it, however that ends.
/// </summary>
public sealed class NginxServer : ServerProcess
{
    private const string Program = "/usr/sbin/nginx";
    private const string Resources = "Roster.Lab.Nginx/";

    private readonly NginxOptions options;

    private NginxServer(string folder, NginxOptions options)
        : base("nginx", folder, Signal.Terminate) => this.options = options;

    /// <summary>Where it listens.</summary>
    public Uri Address => new($"{(options.Tls is null ? "http" : "https")}://127.0.0.1:{Port}");

    /// <summary>Its own file, for <c>nginx -c</c>.</summary>
    public string Settings => Path.Combine(Folder, "nginx.conf");

    /// <summary>Written when it listens.</summary>
    private string PidFile => Path.Combine(Folder, "nginx.pid");

    /// <summary>Its log of requests, one JSON object a line; the newest lines come within a second.</summary>
    public string AccessLog => Path.Combine(Folder, "access.log");

    /// <summary>Makes and starts one.</summary>
    /// <param name="nodes">Addresses of the blue nodes, or of all.</param>
    /// <param name="options">What it has of its own.</param>
    /// <exception cref="LabException">nginx is not installed, or did not start.</exception>
    public static Task<NginxServer> StartAsync(IEnumerable<Uri> nodes, NginxOptions options) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-nginx-").FullName, nodes, options);

    /// <summary>Makes and starts one in a folder of its own, which is empty and goes with it.</summary>
    /// <param name="folder">The folder; root's must be open to others on the way to it.</param>
    /// <param name="nodes">Addresses of the blue nodes, or of all.</param>
    /// <param name="options">What it has of its own.</param>
    /// <exception cref="LabException">nginx is not installed, or did not start.</exception>
    public static Task<NginxServer> StartInAsync(string folder, IEnumerable<Uri> nodes, NginxOptions options)
    {
        var nginx = new NginxServer(folder, options);
        return StartFirstAsync(nginx, () =>
        {
            CheckInstalled();
            return nginx.WriteAsync(nodes);
        });
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">nginx is not installed.</exception>
    public static void CheckInstalled() => CheckInstalled(Program, "nginx-light");

    /// <summary>It takes its port from its settings, and says by its pid file that it has it.</summary>
    protected override string[] Command(int port)
    {
        File.Delete(PidFile);
        File.WriteAllLines(Path.Combine(Folder, "roster", "site.conf"), [
            $"set $roster_serving {Path.Combine(Folder, "roster", "serving")};",
            $"listen 127.0.0.1:{Text(port)}{(options.Tls is null ? string.Empty : " ssl http2")};",
            options.Tls is null ? string.Empty : "include roster/tls.conf;",
            "access_log access.log roster buffer=64k flush=1s;"]);
        return [.. PostgresAccount.Prefix, Program, "-p", Folder, "-c", Settings, "-e", "stderr"];
    }

    /// <inheritdoc/>
    protected override Task<bool> IsUpAsync() => Task.FromResult(File.Exists(PidFile) && new FileInfo(PidFile).Length > 0);

    private async Task WriteAsync(IEnumerable<Uri> nodes)
    {
        foreach (var name in LabResource.NamesUnder(Resources))
        {
            await WriteAsync(name, LabResource.Read(Resources + name));
        }

        await WriteAsync("nginx.conf", Main);
        await WriteAsync("roster/blue.conf", Servers(nodes));
        await WriteAsync("roster/green.conf", Servers(options.Green));
        await WriteAsync($"roster/serving/{options.Serving}", string.Empty);
        await WriteAsync("roster/limits.conf", $"""
            limit_req_zone $roster_client zone=roster_client:32m rate={Text(options.RequestsPerSecond)}r/s;
            limit_req_zone $binary_remote_addr zone=roster_address:10m rate={Text(options.RequestsPerSecond)}r/s;

            """);
        if (options.Tls is { } tls)
        {
            await WriteAsync("roster/tls/fullchain.pem", tls.Certificate);
            await WriteAsync("roster/tls/key.pem", tls.Key);
        }

        await PostgresAccount.TakeAsync(Folder);
    }

    /// <summary>nginx wants at least one, even where there is none.</summary>
    private static string Servers(IEnumerable<Uri> nodes) =>
        string.Concat(nodes.Select(node => $"server {node.Authority} max_fails=3 fail_timeout=2s;\n").DefaultIfEmpty("server 127.0.0.1:1 down;\n"));

    private Task WriteAsync(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
    }

    /// <summary>As <c>deploy/nginx/nginx.conf</c>, but in the foreground, of two processes, and with all that it writes in its folder.</summary>
    private const string Main = """
        daemon off;
        worker_processes 2;
        worker_shutdown_timeout 30s;
        pid nginx.pid;
        error_log stderr warn;

        events {
            worker_connections 4096;
        }

        http {
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            include roster.conf;
        }

        """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
