using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>What is not asked of an API like this one: tunnels, echoes, other protocols.</summary>
public sealed class OtherProtocolTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    [Theory]
    [InlineData("websocket", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")]
    [InlineData("TLS/1.2", "X: x")]
    [InlineData("x", "X: x")]
    public async Task Another_protocol_is_not_switched_to(string protocol, string header)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{hurried.Head("GET", "/users?limit=1")}\r\nConnection: Upgrade\r\nUpgrade: {protocol}\r\n{header}\r\n\r\n");
        (await connection.AnswersAsync(1)).Single().Is(200);
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("CONNECT example.com:443", 400, 405)]
    [InlineData("CONNECT /users", 400, 405)]
    [InlineData("CONNECT {host}", 400, 405)]
    [InlineData("TRACE /users", 405, 405)]
    [InlineData("TRACE *", 400, 405)]
    [InlineData("OPTIONS *", 400, 405)]
    [InlineData("PROPFIND /users", 405, 405)]
    [InlineData("PRI *", 400, 505)]
    [InlineData("GET *", 400, 405)]
    [InlineData("GET example.com:80", 400, 405)]
    public async Task A_method_of_proxies_and_debuggers_is_refused_and_echoes_nothing(string line, int least, int most)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        var head = hurried.Head("GET", "/").Replace("GET /", line.Replace("{host}", hurried.Server.Url.Authority, StringComparison.Ordinal), StringComparison.Ordinal);
        await connection.SendAsync($"{head}\r\nConnection: close\r\n\r\n");
        var answer = Assert.Single(await connection.AnswersAsync());
        Assert.InRange(answer.Status, least, most);
        Assert.DoesNotContain(hurried.Server.AdminKey, answer.ToString(), StringComparison.Ordinal);
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("\x16\x03\x01\x02\0\x01\0\x01\xFC\x03\x03")]
    [InlineData("\0\0\0\0")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n")]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    public async Task What_is_no_request_is_refused_and_the_connection_ends(string bytes)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(bytes);
        Assert.All(await connection.AnswersAsync(), answer => Assert.InRange(answer.Status, 400, 505));
        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task What_is_no_TLS_ends_the_connection()
    {
        using var connection = await HostileConnection.OpenAsync(hurried.TlsUrl);
        await connection.SendAsync($"{hurried.Head("GET", "/livez")}\r\n\r\n");
        Assert.Empty(await connection.AnswersAsync());
        await hurried.IsUnharmedAsync();
    }
}
