using System.Net;
using Roster.Lab;
using Roster.Lab.Nginx;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>The command that switches, over a real nginx and nodes that only answer.</summary>
public sealed class BlueGreenTests
{
    [Fact]
    public async Task It_switches_and_goes_back_and_what_the_old_nodes_had_begun_is_answered()
    {
        await using var blue = new EchoNode();
        await using var green = new EchoNode();
        await using var nginx = await NginxServer.StartAsync([blue.Address], new NginxOptions { Green = [green.Address], Serving = "blue" });
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = nginx.Address };
        var slow = http.GetAsync(new Uri("/slow", UriKind.Relative));
        await blue.Begun.Task;
        Assert.Equal((0, "blue-green: green serves\n"), await SaysAsync(nginx, "switch", "green"));
        await OnlyAsync(http, green, blue);
        blue.Finish.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);

        Assert.Equal(
            (0, $"blue           {blue.Address.Authority,-22} ready\ngreen  serves  {green.Address.Authority,-22} ready\n"), await SaysAsync(nginx, "status"));
        Assert.Equal((0, "blue-green: blue serves again\n"), await SaysAsync(nginx, "back"));
        await OnlyAsync(http, blue, green);
    }

    [Fact]
    public async Task Nothing_is_switched_to_a_node_that_is_not_ready()
    {
        await using var blue = new EchoNode();
        var nobody = new Uri($"http://127.0.0.1:{LoopbackPorts.Free()}");
        await using var nginx = await NginxServer.StartAsync([blue.Address], new NginxOptions { Green = [nobody], Serving = "blue" });
        var refused = await BlueGreen.RunAsync(nginx, "--timeout", "1", "switch", "green");
        Assert.Equal((1, $"blue-green: {nobody.Authority} is not ready (http://{nobody.Authority}/readyz); blue goes on serving.\n"), (refused.ExitCode, refused.Errors));
        Assert.Equal("blue-green: there was no switch to go back from.\n", (await BlueGreen.RunAsync(nginx, "back")).Errors);
        Assert.Equal("blue-green: blue serves alone: nginx switch both first.\n", (await BlueGreen.RunAsync(nginx, "restart", "true")).Errors);
        Assert.Equal(2, (await BlueGreen.RunAsync(nginx, "switch", "red")).ExitCode);
    }

    private static async Task<(int ExitCode, string Output)> SaysAsync(NginxServer nginx, params string[] arguments)
    {
        var ended = await BlueGreen.RunAsync(nginx, arguments);
        return (ended.ExitCode, ended.Output);
    }

    private static async Task OnlyAsync(HttpClient http, EchoNode serving, EchoNode other)
    {
        var (served, others) = (serving.Requests, other.Requests);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await http.GetAsync(new Uri("/users", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal((served + 20, others), (serving.Requests, other.Requests));
    }
}
