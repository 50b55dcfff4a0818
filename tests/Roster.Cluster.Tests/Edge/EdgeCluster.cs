using System.Net.Http.Headers;
using Roster.Client;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab.Nginx;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>Real nodes over one PostgreSQL, and a real nginx before them.</summary>
public sealed class EdgeCluster : IAsyncLifetime
{
    private readonly LabCertificate? certificate;
    private PostgresCluster? cluster;

    /// <summary>For tests that share it: plain HTTP/1.1.</summary>
    public EdgeCluster()
    {
    }

    private EdgeCluster(LabCertificate? certificate) => this.certificate = certificate;

    /// <summary>The nodes.</summary>
    internal IReadOnlyList<RosterProcess> Nodes => cluster!.Nodes;

    /// <summary>Before the nodes.</summary>
    internal NginxServer Nginx { get; private set; } = null!;

    /// <summary>For tests that share it: one node.</summary>
    public async ValueTask InitializeAsync() => await StartAsync(nodes: 1, blue: 1);

    /// <summary>One of its own.</summary>
    /// <param name="nodes">How many nodes run.</param>
    /// <param name="blue">How many of them, the first ones, are blue and serve at first.</param>
    /// <param name="withTls">Whether clients speak HTTP/2 over TLS.</param>
    internal static async Task<EdgeCluster> WithAsync(int nodes, int blue, bool withTls)
    {
        var edge = new EdgeCluster(withTls ? new LabCertificate() : null);
        try
        {
            await edge.StartAsync(nodes, blue);
            return edge;
        }
        catch
        {
            await edge.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of nginx with the administrator's key.</summary>
    internal HttpClient Connect()
    {
        var http = certificate?.Connect(Nginx.Address) ?? new HttpClient(new BrokenConnections(new SocketsHttpHandler { UseProxy = false })) { BaseAddress = Nginx.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Nodes[0].Key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await (Nginx?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartAsync(int nodes, int blue)
    {
        cluster = await PostgresCluster.StartAsync(shards: 1, nodes);
        var options = new NginxOptions { Green = [.. Nodes.Skip(blue).Select(node => node.Address)], Serving = blue < nodes ? "blue" : "both", Tls = certificate?.Pem };
        Nginx = await NginxServer.StartAsync(Nodes.Take(blue).Select(node => node.Address), options);
    }
}
