using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Roster.Lab;

/// <summary>
/// A real Prometheus on loopback, which scrapes what its settings say. It ends, and its folder goes, with the process that
/// started it, however that ends.
/// </summary>
public sealed class PrometheusServer : ServerProcess
{
    private const string Program = "/usr/bin/prometheus";

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private PrometheusServer(string folder)
        : base("Prometheus", folder, Signal.Terminate)
    {
    }

    private string Settings => Path.Combine(Folder, "prometheus.yml");

    private Uri Address => new($"http://127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Starts one in a folder of its own.</summary>
    /// <param name="settings">Its <c>prometheus.yml</c>; paths in it are absolute, or beside it.</param>
    /// <exception cref="LabException">Prometheus is not installed, or did not start.</exception>
    public static Task<PrometheusServer> StartAsync(string settings) =>
        StartInAsync(Directory.CreateTempSubdirectory("roster-prometheus-").FullName, settings);

    /// <summary>Starts one in a folder, which is empty and goes with it.</summary>
    /// <inheritdoc cref="StartAsync"/>
    public static Task<PrometheusServer> StartInAsync(string folder, string settings)
    {
        var server = new PrometheusServer(folder);
        return StartFirstAsync(server, () =>
        {
            CheckInstalled();
            return File.WriteAllTextAsync(server.Settings, settings);
        });
    }

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">Prometheus is not installed.</exception>
    public static void CheckInstalled() => CheckInstalled(Program, "prometheus");

    /// <summary>How many series an expression (PromQL) has now.</summary>
    /// <exception cref="LabException">Prometheus does not understand it, with what it says.</exception>
    public async Task<int> CountAsync(string expression, CancellationToken cancellation)
    {
        using var document = await AskAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", cancellation);
        var data = document.RootElement.GetProperty("data");
        return data.GetProperty("resultType").GetString() is "scalar" or "string" ? 1 : data.GetProperty("result").GetArrayLength();
    }

    /// <summary>What it answers on a path of its API.</summary>
    /// <exception cref="LabException">It refuses, with what it says.</exception>
    public async Task<JsonDocument> AskAsync(string path, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri(Address, path), cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonDocument.Parse(text) : throw new LabException($"{path}: {text}");
    }

    /// <inheritdoc/>
    protected override string[] Command(int port) =>
    [
        Program, $"--config.file={Settings}", $"--storage.tsdb.path={Path.Combine(Folder, "data")}",
        $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", "--log.level=warn",
    ];

    /// <inheritdoc/>
    protected override async Task<bool> IsUpAsync()
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(Address, "/-/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return false;
        }
    }
}
