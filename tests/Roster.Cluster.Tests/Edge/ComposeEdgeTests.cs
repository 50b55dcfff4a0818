using System.Net;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>nginx as the compose files run it: what it does is tested with <c>deploy/nginx</c>, whose files it has.</summary>
public sealed class ComposeEdgeTests
{
    [Fact]
    public async Task The_compose_files_nginx_finds_nodes_as_they_come_and_passes_requests_on_with_a_trace()
    {
        await using var node = new EchoNode();
        await using var edge = new ComposeEdge(node.Address);
        var (code, said) = await edge.CheckAsync();
        Assert.True(code == 0, said);
        Assert.DoesNotContain("[warn]", said, StringComparison.Ordinal);
        Assert.Equal(1, edge.Resolved);

        await edge.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Address };
        using var answer = await http.GetAsync(new Uri("/users", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var id = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        Assert.Contains($"\"traceparent\":\"00-{id}-", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var metrics = await http.GetAsync(new Uri("/metrics", UriKind.Relative));
        await EdgeTests.IsProblemAsync(metrics, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_node_that_dies_over_a_request_is_a_problem_in_Rosters_shape()
    {
        await using var node = new ScriptedNode();
        await using var edge = new ComposeEdge(node.Address);
        await edge.StartAsync();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = edge.Address };
        using var answer = await http.GetAsync(new Uri("/users", UriKind.Relative));
        await EdgeTests.IsProblemAsync(answer, HttpStatusCode.BadGateway);
    }
}
