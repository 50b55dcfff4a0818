using System.Text;
using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class LargeBodyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int TenMegabytes = 10_000_000;

    private static readonly (string Method, string Path)[] Takers =
        [("POST", "/users"), ("PATCH", "/users/01890a5d-ac96-774b-bcce-b302099a8057"), ("POST", "/users:get"), ("POST", "/keys")];

    [Fact]
    public async Task Ten_megabytes_with_their_length_are_too_large()
    {
        var body = new byte[TenMegabytes];
        body.AsSpan().Fill((byte)' ');
        foreach (var (method, path) in Takers)
        {
            (await RawConnection.SendAsync(server.Url, Head(method, path), body))!.IsProblem(413);
        }

        await OthersAreServedAsync();
    }

    [Fact]
    public async Task Ten_megabytes_in_chunks_are_too_large()
    {
        var chunk = $"{100_000:x}\r\n{new string(' ', 100_000)}\r\n";
        foreach (var (method, path) in Takers)
        {
            var request = $"{Head(method, path)}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + string.Concat(Enumerable.Repeat(chunk, TenMegabytes / 100_000)) + "0\r\n\r\n";
            (await RawConnection.SendBytesAsync(server.Url, Encoding.ASCII.GetBytes(request)))!.IsProblem(413);
        }

        await OthersAreServedAsync();
    }

    [Fact]
    public async Task A_length_is_refused_before_the_body_is_sent()
    {
        var request = $"{Head("POST", "/users")}\r\nContent-Length: {TenMegabytes}\r\n\r\n";
        (await RawConnection.SendBytesAsync(server.Url, Encoding.ASCII.GetBytes(request)))!.IsProblem(413);
    }

    [Fact]
    public async Task A_body_that_nobody_reads_does_not_change_the_answer()
    {
        var body = new byte[TenMegabytes];
        (await RawConnection.SendAsync(server.Url, Head("GET", "/nowhere"), body))!.IsProblem(404);
        (await RawConnection.SendAsync(server.Url, $"POST /users HTTP/1.1\r\nHost: {server.Url.Authority}", body))!.IsProblem(401);
    }

    [Theory]
    [InlineData("Content-Length: -1")]
    [InlineData("Content-Length: x")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length: 2\r\nContent-Length: 3")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: chunked, gzip")]
    public async Task Bodies_of_no_known_length_are_refused(string header)
    {
        var answer = await RawConnection.SendBytesAsync(
            server.Url, Encoding.ASCII.GetBytes($"{Head("POST", "/users")}\r\n{header}\r\nConnection: close\r\n\r\n{{}}"));
        answer!.Is(400);
        await OthersAreServedAsync();
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}xx0\r\n\r\n")]
    public async Task Broken_chunks_are_a_bad_request(string chunks)
    {
        foreach (var (method, path) in Takers)
        {
            var request = $"{Head(method, path)}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}";
            (await RawConnection.SendBytesAsync(server.Url, Encoding.ASCII.GetBytes(request)))!.IsProblem(400);
        }

        foreach (var type in (string[])["application/x-ndjson", "text/csv"])
        {
            var head = Head("POST", "/users/import").Replace("application/json", type, StringComparison.Ordinal);
            (await RawConnection.SendBytesAsync(
                server.Url, Encoding.ASCII.GetBytes($"{head}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunks}")))!.IsProblem(400);
        }
    }

    private string Head(string method, string path) =>
        $"{method} {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nContent-Type: application/json\r\nAuthorization: Bearer {server.AdminKey}";

    private async Task OthersAreServedAsync()
    {
        (await server.Nobody.GetAsync("/readyz")).Is(200);
        await server.Admin.SignUpAsync();
    }
}
