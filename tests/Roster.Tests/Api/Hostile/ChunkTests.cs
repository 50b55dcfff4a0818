using Xunit;

namespace Roster.Tests.Api.Hostile;

public sealed class ChunkTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    public static TheoryData<string> Broken =>
    [
        "FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n", "000000000000000000002\r\n{}\r\n0\r\n\r\n", "-1\r\n{}\r\n0\r\n\r\n", "-0\r\n\r\n", "\r\n{}\r\n0\r\n\r\n", ";a=b\r\n{}\r\n0\r\n\r\n", "g\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}0\r\n\r\n", "2\r\n{}\r0\r\n\r\n", "2\r\n{}\n0\r\n\r\n", "3\r\n{}\r\n0\r\n\r\n", "1\r\n{}\r\n0\r\n\r\n", "\x32\0\r\n{}\r\n0\r\n\r\n", "2,2\r\n{}\r\n0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_chunk_is_a_bad_request_and_the_connection_ends(string chunks)
    {
        foreach (var (path, type) in ((string, string)[])[("/users", "application/json"), ("/users/import", "application/x-ndjson")])
        {
            using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
            await connection.SendAsync($"{hurried.Head("POST", path)}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
            Assert.Equal(400, Assert.Single(await connection.AnswersAsync()).Status);
        }

        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("100001")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("7FFFFFFFFFFFFFFF")]
    public async Task A_chunk_that_is_too_large_is_not_waited_for(string size)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{hurried.Head("POST", "/users")}\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}");
        Assert.InRange(Assert.Single(await connection.AnswersAsync()).Status, 400, 413);
        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task An_import_that_breaks_in_the_middle_says_so_and_keeps_what_it_did()
    {
        var line = $$"""{"name":"A","email":"{{ApiClient.NewEmail()}}"}""" + "\n";
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(
            $"{hurried.Head("POST", "/users/import")}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n{line.Length:x}\r\n{line}\r\n");
        await connection.ReceivedAsync("\"created\"");
        await connection.SendAsync("FFFFFFFFFFFFFFFF\r\n");
        await connection.ReceivedAsync("""{"done":false,"error":"The body cannot be read""");
        await hurried.IsUnharmedAsync();
    }

    /// <summary>Before chunks, inside one, and behind them: what says nothing must have an end too.</summary>
    [Theory]
    [InlineData("2;", "a=b;")]
    [InlineData("2;a=\"", "xxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("2", "0")]
    [InlineData("", "0")]
    [InlineData("2\r\n{}\r\n0\r\nX: ", "xxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("2\r\n{}\r\n0\r\n", "X: x\r\n")]
    [InlineData("", "1;a=b\r\n \r\n")]
    [InlineData("", "1\r\n \r\n")]
    public async Task A_body_that_goes_on_for_ever_is_cut_off(string start, string more)
    {
        var others = GoodClients.Of(hurried.Server);
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        var answers = connection.AnswersAsync();
        await connection.SendAsync($"{hurried.Head("POST", "/users")}\r\nTransfer-Encoding: chunked\r\n\r\n{start}");
        var taken = await connection.SendUntilClosedAsync(string.Concat(Enumerable.Repeat(more, 16 * 1024 / more.Length)), TimeSpan.Zero);
        Assert.InRange(taken, 0, 32 * 1024 * 1024);
        Assert.All(await answers, answer => Assert.InRange(answer.Status, 400, 431));
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }
}
