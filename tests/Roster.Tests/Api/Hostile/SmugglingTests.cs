using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>
/// One message that a proxy and Roster could cut in different places. It is refused and the connection closed, so that
/// what a proxy took for its body is never taken for a request.
/// </summary>
public sealed class SmugglingTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    /// <summary>Headers; then a body, in which <c>{smuggled}</c> is a whole request and <c>{length}</c> the body's own length.</summary>
    public static TheoryData<string, string> Ambiguous => new()
    {
        { "Content-Length: {length}\r\nTransfer-Encoding: chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked\r\nContent-Length: {length}", "0\r\n\r\n{smuggled}" },
        { "Content-Length: 4\r\nTransfer-Encoding: chunked", "2\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Content-Length: 0\r\nTransfer-Encoding: Chunked", "2\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Content-Length: 2\r\nContent-Length: {length}", "{}{smuggled}" },
        { "Content-Length: {length}\r\nContent-Length: 2", "{}{smuggled}" },
        { "Content-Length: 2, {length}", "{}{smuggled}" },
        { "Content-Length: 2, 2", "{}{smuggled}" },
        { "Content-Length: 0x2", "{}{smuggled}" },
        { "Content-Length: 2.0", "{}{smuggled}" },
        { "Content-Length: 2e0", "{}{smuggled}" },
        { "Content-Length: 2 2", "{}{smuggled}" },
        { "Content-Length: \"2\"", "{}{smuggled}" },
        { "Content-Length: -2", "{}{smuggled}" },
        { "Content-Length: \xB2", "{}{smuggled}" },
        { "Content-Length: 18446744073709551618", "{}{smuggled}" },
        { "Content-Length:", "{}{smuggled}" },
        { "Content-Length : 2", "{}{smuggled}" },
        { " Content-Length: 2", "{}{smuggled}" },
        { "Content-Length\0: 2", "{}{smuggled}" },
        { "Content-Length: 2\0", "{}{smuggled}" },
        { "Content_Length\xFF: 2", "{}{smuggled}" },
        { "X: a\r\n Content-Length: 2", "{}{smuggled}" },
        { "X: a\r\n\tb\r\nContent-Length: 2", "{}{smuggled}" },
        { "X: a\nContent-Length: 2", "{}{smuggled}" },
        { "X: a\rContent-Length: 2\r\nContent-Length: 2", "{}{smuggled}" },
        { "X: a\0b\r\nContent-Length: 2", "{}{smuggled}" },
        { "X\r\nContent-Length: 2", "{}{smuggled}" },
        { "Transfer-Encoding: xchunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked, identity", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: identity", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: identity, chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked, chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: gzip, chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: \"chunked\"", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked;q=1", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: \x0Bchunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding:\r\n chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding : chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: x\r\nTransfer-Encoding: chunked", "0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2\n{}\n0\n\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2;a=b\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2;\n\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2\r\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "+2\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2 2\r\n{}\r\n0\r\n\r\n{smuggled}" },
        { "Transfer-Encoding: chunked", "2\r\n{}xx0\r\n\r\n{smuggled}" },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public async Task An_ambiguous_message_is_refused_and_what_is_hidden_in_it_is_not_done(string headers, string body)
    {
        var email = ApiClient.NewEmail();
        var hidden = $$"""{"name":"Smuggled","email":"{{email}}"}""";
        var smuggled = $"{hurried.Head("POST", "/users")}\r\nContent-Length: {hidden.Length}\r\n\r\n{hidden}";
        var whole = body.Replace("{smuggled}", smuggled, StringComparison.Ordinal);
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(
            $"{hurried.Head("POST", "/users")}\r\n{headers.Replace("{length}", $"{whole.Length}", StringComparison.Ordinal)}\r\n\r\n{whole}");
        Assert.Equal(400, Assert.Single(await connection.AnswersAsync()).Status);
        Assert.Empty((await hurried.Server.Admin.GetAsync($"/users?email={email}")).Items);
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("GET http://other.example/livez HTTP/1.1\r\nHost: {host}")]
    [InlineData("GET http://{host}/livez HTTP/1.1\r\nHost: other.example")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: {host}\r\nHost: {host}")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: {host}\r\nHost: other.example")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: {host}, other.example")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: a b")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: {host}/x")]
    [InlineData("GET /livez HTTP/1.1\r\nHost: user@{host}")]
    [InlineData("GET /livez HTTP/1.1")]
    [InlineData("GET /livez HTTP/1.1 \r\nHost: {host}")]
    [InlineData("GET /livez\r\nHost: {host}")]
    [InlineData(" GET /livez HTTP/1.1\r\nHost: {host}")]
    [InlineData("GET /livez\0 HTTP/1.1\r\nHost: {host}")]
    [InlineData("GET /livez HTTP/1.1\nHost: {host}")]
    public async Task A_request_line_or_host_that_two_could_read_differently_is_refused(string head)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{head.Replace("{host}", hurried.Server.Url.Authority, StringComparison.Ordinal)}\r\n\r\n");
        Assert.Equal(400, Assert.Single(await connection.AnswersAsync()).Status);
    }

    [Theory]
    [InlineData("GET /livez HTTP/1.0", 200)]
    [InlineData("GET /livez HTTP/1.2", 505)]
    [InlineData("GET /livez HTTP/2.0", 505)]
    [InlineData("GET /livez HTTP/9.9", 505)]
    [InlineData("GET /livez http/1.1", 505)]
    public async Task Other_versions_of_HTTP_are_refused(string line, int status)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{line}\r\nHost: {hurried.Server.Url.Authority}\r\nConnection: close\r\n\r\n");
        Assert.Equal(status, Assert.Single(await connection.AnswersAsync()).Status);
    }
}
