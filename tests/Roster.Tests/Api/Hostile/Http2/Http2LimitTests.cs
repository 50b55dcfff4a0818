using System.Net;
using System.Net.Http.Headers;
using Xunit;
using static Roster.Tests.Api.Hostile.Http2.Http2Frame;

namespace Roster.Tests.Api.Hostile.Http2;

/// <summary>What one connection of HTTP/2 may have, and what no stream may do.</summary>
public sealed class Http2LimitTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    private const int RefusedStream = 7;
    private const int MaxStreams = 100;

    /// <summary>Frames, each alone, that end the connection or at least the stream.</summary>
    public static TheoryData<string> Wrong =>
    [
        "data of no stream", "headers on an even stream", "headers of no stream", "a frame larger than allowed", "a continuation of nothing", "a push",
        "a window beyond all numbers", "a window that grows by nothing", "a setting beyond its range", "half a setting", "half a ping", "a table larger than allowed",
        "an index beyond the table", "a length beyond all numbers", "a field of 64 KiB", "a table entry 1,000 times", "padding beyond the frame", "a stream that depends on itself",
    ];

    [Fact]
    public async Task A_good_client_is_served()
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => hurried.Shows(shown) },
        })
        {
            BaseAddress = hurried.TlsUrl,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", hurried.Server.AdminKey);
        using var body = new StringContent(string.Concat(Enumerable.Range(0, 5000).Select(_ => $$"""{"name":"A","email":"{{ApiClient.NewEmail()}}"}""" + "\n")), new MediaTypeHeaderValue("application/x-ndjson"));
        using var imported = await http.PostAsync(new Uri("/users/import", UriKind.Relative), body);
        Assert.Equal(HttpVersion.Version20, imported.Version);
        Assert.Contains("\"created\":5000,", await imported.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var exported = await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
        Assert.InRange(exported.Count(letter => letter == '\n'), 5000, int.MaxValue);
    }

    [Fact]
    public async Task A_connection_has_100_streams_and_no_more()
    {
        using var connection = await Http2Connection.OpenAsync(hurried);
        await connection.SendAsync(Enumerable.Range(0, MaxStreams + 20).Select(n => new Http2Frame(Headers, EndHeaders, (2 * n) + 1, connection.Request("POST", "/users"))));
        var refused = await connection.FrameAsync(frame => frame is { Type: Reset, Stream: >= 2 * MaxStreams });
        Assert.Equal(RefusedStream, refused?.ErrorCode);
        Assert.DoesNotContain(connection.Received, frame => frame is { Type: Reset, ErrorCode: RefusedStream, Stream: < 2 * MaxStreams });
    }

    [Fact]
    public async Task A_client_whose_window_stays_shut_is_cut_off()
    {
        var others = GoodClients.Of(hurried.Server);
        using var connection = await Http2Connection.OpenAsync(hurried, reads: true, Setting(4, 0));
        await connection.SendAsync(Enumerable.Range(0, MaxStreams).Select(n => connection.Get((2 * n) + 1, "/users?limit=500")));
        await connection.GoodbyeAsync();
        Assert.DoesNotContain(connection.Received, frame => frame is { Type: Data, Payload.Length: > 0 });
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task A_body_that_never_ends_ends_the_connection()
    {
        using var connection = await Http2Connection.OpenAsync(hurried);
        await connection.SendAsync(new Http2Frame(Headers, EndHeaders, 1, connection.Request("POST", "/users")));
        await connection.GoodbyeAsync();
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_frame_ends_the_stream_or_the_connection(string what)
    {
        using var connection = await Http2Connection.OpenAsync(hurried);
        await connection.SendAsync(Of(what, connection));
        var end = await connection.FrameAsync(frame => frame.Type is GoAway or Reset || frame is { Type: Headers, Stream: 1 });
        Assert.True(end is not { Type: Headers } || end.Payload.Length < 100, $"{what}: {end}");
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("content-length", "2")]
    [InlineData("content-length", "1000")]
    [InlineData("content-length", "x")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("connection", "close")]
    [InlineData("upgrade", "websocket")]
    [InlineData("te", "gzip")]
    [InlineData("Name", "capital")]
    [InlineData("keep-alive", "timeout=5")]
    [InlineData("proxy-connection", "close")]
    [InlineData("x", "a\r\nTransfer-Encoding: chunked")]
    [InlineData("x", "a\0b")]
    [InlineData(":path", "/keys")]
    [InlineData(":unknown", "x")]
    [InlineData(":protocol", "websocket")]
    public async Task A_message_that_means_something_else_over_HTTP_1_is_refused_and_not_done(string name, string value)
    {
        var email = ApiClient.NewEmail();
        using var connection = await Http2Connection.OpenAsync(hurried);
        await connection.SendAsync(
            new Http2Frame(Headers, EndHeaders, 1, connection.Request("POST", "/users", (name, value))),
            new Http2Frame(Data, EndStream, 1, System.Text.Encoding.ASCII.GetBytes($$"""{"name":"Smuggled","email":"{{email}}"}""")));
        Assert.NotNull(await connection.FrameAsync(frame => frame.Type is GoAway or Reset || frame is { Stream: 1, Type: Headers }));
        Assert.Empty((await hurried.Server.Admin.GetAsync($"/users?email={email}")).Items);
        await hurried.IsUnharmedAsync();
    }

    private static IEnumerable<Http2Frame> Of(string what, Http2Connection connection)
    {
        Http2Frame HeadersOf(params byte[] tail) => new(Headers, EndHeaders | EndStream, 1, [.. connection.Request("GET", "/users?limit=1"), .. tail]);
        return what switch
        {
            "data of no stream" => [new Http2Frame(Data, 0, 0, [1])],
            "headers on an even stream" => [connection.Get(2, "/users")],
            "headers of no stream" => [connection.Get(0, "/users")],
            "a frame larger than allowed" => [new Http2Frame(Ping, 0, 0, new byte[20_000])],
            "a continuation of nothing" => [new Http2Frame(Continuation, EndHeaders, 1, [])],
            "a push" => [new Http2Frame(Push, EndHeaders, 1, [0, 0, 0, 2])],
            "a window beyond all numbers" => [Number(WindowUpdate, 0, int.MaxValue)],
            "a window that grows by nothing" => [Number(WindowUpdate, 0, 0)],
            "a setting beyond its range" => [Setting(4, -1)],
            "half a setting" => [new Http2Frame(Settings, 0, 0, [0, 4, 0])],
            "half a ping" => [new Http2Frame(Ping, 0, 0, [0, 4, 0])],
            "a table larger than allowed" => [new Http2Frame(Headers, EndHeaders | EndStream, 1, [0x3F, 0xFF, 0xFF, 0x7F, .. connection.Request("GET", "/users")])],
            "an index beyond the table" => [HeadersOf(0xFF, 0xFF, 0x7F)],
            "a length beyond all numbers" => [HeadersOf(0, 127, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)],
            "a field of 64 KiB" => Split([.. connection.Request("GET", "/users?limit=1"), .. Block(("x", new string('x', 65_536)))]),

            // Enters the table once (0x40), then is named by one byte (0xBE, index 62) a thousand times.
            "a table entry 1,000 times" => [HeadersOf([0x40, .. Literal("x"), .. Literal(new string('x', 3000)), .. Enumerable.Repeat((byte)0xBE, 1000)])],
            "padding beyond the frame" => [new Http2Frame(Headers, EndHeaders | EndStream | 8, 1, [255, .. connection.Request("GET", "/")])],
            "a stream that depends on itself" => [new Http2Frame(Headers, EndHeaders | EndStream | 32, 1, [0, 0, 0, 1, 0, .. connection.Request("GET", "/")])],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    private static IEnumerable<Http2Frame> Split(byte[] block)
    {
        var parts = block.Chunk(16_384).ToList();
        return parts.Select((part, i) => new Http2Frame(
            i == 0 ? Headers : Continuation, (byte)((i == 0 ? EndStream : 0) | (i == parts.Count - 1 ? EndHeaders : 0)), 1, part));
    }
}
