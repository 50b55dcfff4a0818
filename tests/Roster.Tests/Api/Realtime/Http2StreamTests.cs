using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace Roster.Tests.Api.Realtime;

public sealed class Http2StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Many_streams_go_over_one_connection()
    {
        const int Streams = 50;
        await using var server = await RunningServer.StartAsync(
            kestrel => kestrel.ConfigureEndpointDefaults(listener => listener.Protocols = HttpProtocols.Http2), "http://127.0.0.1:0");
        using var http = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = false })
        {
            BaseAddress = server.Url,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Patience,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.AdminKey);
        var streams = await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            var response = await http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return new StreamReader(await response.Content.ReadAsStreamAsync());
        }));
        using var body = new StringContent("""{ "name": "Ada", "email": "two@example.com" }""", new MediaTypeHeaderValue("application/json"));
        using var made = await http.PostAsync(new Uri("/users", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var deadline = new CancellationTokenSource(Patience);
        foreach (var stream in streams)
        {
            string? line;
            do
            {
                line = await stream.ReadLineAsync(deadline.Token);
                Assert.NotNull(line);
            }
            while (!line.Contains("two@example.com", StringComparison.Ordinal));
            stream.Dispose();
        }
    }
}
