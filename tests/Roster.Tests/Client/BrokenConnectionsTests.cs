using System.Net;
using System.Net.Sockets;
using Roster.Client;
using Xunit;

namespace Roster.Tests.Client;

public sealed class BrokenConnectionsTests
{
    [Fact]
    public async Task A_connection_reset_as_it_begins_is_a_failed_request()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var straight = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellation) => ConnectAndBeResetAsync(server, cancellation) };
        using var bare = new HttpMessageInvoker(straight, disposeHandler: false);
        using var http = new HttpClient(new BrokenConnections(straight));

        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost");
        await Assert.ThrowsAsync<SocketException>(() => bare.SendAsync(request, TestContext.Current.CancellationToken));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri("http://localhost"), TestContext.Current.CancellationToken));
        Assert.Equal(HttpRequestError.ConnectionError, failure.HttpRequestError);
    }

    private static async ValueTask<Stream> ConnectAndBeResetAsync(TcpListener server, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.LocalEndpoint, cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        using (var accepted = await server.AcceptSocketAsync(cancellation))
        {
            accepted.LingerState = new LingerOption(true, 0);
        }

        Assert.True(socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectRead));
        return stream;
    }
}
