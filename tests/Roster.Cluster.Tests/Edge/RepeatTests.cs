using System.Net;
using System.Text;
using Roster.Lab.Nginx;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>What nginx sends to a second node when the first one has taken a request and not answered.</summary>
public sealed class RepeatTests
{
    [Theory]
    [InlineData("GET", "/users", null, 2)]
    [InlineData("HEAD", "/users", null, 2)]
    [InlineData("POST", "/users:get", null, 2)]
    [InlineData("GET", "/events", null, 2)]
    [InlineData("POST", "/users", "key", 2)]
    [InlineData("PATCH", "/users/1", "key", 2)]
    [InlineData("DELETE", "/users/1", "key", 2)]
    [InlineData("POST", "/graphql", "key", 2)]
    [InlineData("POST", "/users", null, 1)]
    [InlineData("PATCH", "/users/1", null, 1)]
    [InlineData("DELETE", "/users/1", null, 1)]
    [InlineData("PUT", "/users/1", null, 1)]
    [InlineData("POST", "/graphql", null, 1)]
    [InlineData("POST", "/users/import", "key", 1)]
    public async Task Only_what_may_happen_twice_is_sent_twice(string method, string path, string? key, int times)
    {
        await using var first = new ScriptedNode();
        await using var second = new ScriptedNode();
        await using var nginx = await NginxServer.StartAsync([first.Address, second.Address], new NginxOptions());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = nginx.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        request.Content = method is "GET" or "HEAD" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(times, first.Requests + second.Requests);
    }

    [Theory]
    [InlineData("POST", HttpStatusCode.OK)]
    [InlineData("DELETE", HttpStatusCode.BadGateway)]
    public async Task Without_a_key_another_node_answers_a_write_only_when_it_cannot_have_arrived(string method, HttpStatusCode status)
    {
        // Nobody listens on the first one's port; nginx knows DELETE only as a method that may always be repeated.
        var nobody = new Uri($"http://127.0.0.1:{Roster.Lab.LoopbackPorts.Free()}");
        await using var living = new EchoNode();
        await using var nginx = await NginxServer.StartAsync([nobody, living.Address], new NginxOptions());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = nginx.Address };
        List<HttpStatusCode> seen = [];
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/users/1");
            using var answer = await http.SendAsync(request);
            seen.Add(answer.StatusCode);
        }

        Assert.Contains(status, seen);
        Assert.All(seen, one => Assert.True(one == HttpStatusCode.OK || one == status));
    }
}
