using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;

namespace Roster.Cluster.Tests.Edge;

/// <summary>Restarts nodes in order, as a service manager does, for whoever posts the address of one.</summary>
internal sealed class RestartService : IAsyncDisposable
{
    private readonly IReadOnlyList<RosterProcess> nodes;
    private readonly WebApplication app;

    public RestartService(IReadOnlyList<RosterProcess> nodes)
    {
        this.nodes = nodes;
        app = LoopbackApp.Start(RestartAsync);
    }

    /// <summary>The command that asks for it, up to the address.</summary>
    public string[] Command => ["curl", "--silent", "--fail", "--noproxy", "*", app.Urls.First(), "--data"];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task RestartAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        var address = await body.ReadToEndAsync(http.RequestAborted);
        var node = nodes.Single(one => one.Address.Authority == address);
        var code = await node.StopAsync(Signal.Terminate);
        await node.StartAgainAsync();
        http.Response.StatusCode = code == 0 ? 204 : 500;
    }
}
