using System.Text;
using CsCheck;
using Roster.Cli.Bench.Load;
using Xunit;

namespace Roster.Tests.Cli.Bench.Load;

public sealed class HttpConnectionTests
{
    private const string Plain = "HTTP/1.1 201 Created\r\ncontent-length: 5\r\nX: y\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
    private const string Empty = "HTTP/1.1 204 No Content\r\n\r\n";
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";

    private static async Task<List<(int, string)>> Read(string answers, int count, int atATime, bool staysOpen = true)
    {
        using var connection = new HttpConnection(new Answering(Encoding.ASCII.GetBytes(answers), atATime));
        var all = new List<(int, string)>();
        for (var i = 0; i < count; i++)
        {
            var status = await connection.SendAsync("GET"u8.ToArray(), CancellationToken.None);
            all.Add((status, Encoding.ASCII.GetString(connection.Body.Span)));
        }

        Assert.Equal(staysOpen, connection.IsOpen);
        return all;
    }

    [Fact]
    public void Responses_are_read_however_they_are_cut() => Gen.Int[1, 80].Sample(atATime =>
        Assert.Equal(
            [(201, "hello"), (200, "hel0123456789"), (204, ""), (201, "hello")],
            Read(Plain + Chunked + Empty + Continue + Plain, 4, atATime).GetAwaiter().GetResult()));

    [Fact]
    public async Task A_body_without_length_ends_with_the_connection() =>
        Assert.Equal([(200, "all of it")], await Read("HTTP/1.1 200 OK\r\n\r\nall of it", 1, 4, staysOpen: false));

    [Fact]
    public async Task A_server_that_says_so_is_not_asked_again() =>
        Assert.Equal([(200, "")], await Read("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", 1, 9, staysOpen: false));

    [Fact]
    public async Task A_long_body_is_read_whole()
    {
        var body = new string('b', 100_000);
        var answer = await Read($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}", 1, 1500);

        Assert.Equal([(200, body)], answer);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")]
    [InlineData("HTTP/1.1 20")]
    public async Task A_response_that_breaks_off_is_an_error(string answer) =>
        await Assert.ThrowsAnyAsync<IOException>(() => Read(answer, 1, 7));

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2 and more\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhel\r\n")]
    public async Task What_is_no_HTTP_is_said_to_be_none(string answer) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(answer, 1, 7));

    private sealed class Answering(byte[] answers, int atATime) : MemoryStream(answers)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, atATime)], cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.CompletedTask;
    }
}
