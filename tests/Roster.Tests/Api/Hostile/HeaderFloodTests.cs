using Xunit;

namespace Roster.Tests.Api.Hostile;

public sealed class HeaderFloodTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    /// <summary>Starts, then the same for ever: headers without end in number or in size, a line without end.</summary>
    [Theory]
    [InlineData("GET /users HTTP/1.1\r\nHost: x\r\n", "X: x\r\n", 431)]
    [InlineData("GET /users HTTP/1.1\r\nHost: x\r\n", "Cookie: x\r\n", 431)]
    [InlineData("GET /users HTTP/1.1\r\nHost: x\r\nX: ", "xxxxxxxxxxxxxxxx", 431)]
    [InlineData("GET /users HTTP/1.1\r\nHost: x\r\n", "xxxxxxxxxxxxxxxx", 431)]
    [InlineData("GET /", "xxxxxxxxxxxxxxxx", 414)]
    [InlineData("GET /?", "a=b&a=b&a=b&", 414)]
    [InlineData("GET /", "%2e%2e/%2e%2e/", 414)]
    [InlineData("", "GGGGGGGGGGGGGGGG", 414)]
    [InlineData("GET http://x", "xxxxxxxxxxxxxxxx", 414)]
    public async Task Headers_and_lines_without_end_are_cut_off(string start, string more, int status)
    {
        var others = GoodClients.Of(hurried.Server);
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        var answers = connection.AnswersAsync();
        await connection.SendAsync(start);
        var taken = await connection.SendUntilClosedAsync(string.Concat(Enumerable.Repeat(more, 16 * 1024 / more.Length)), TimeSpan.Zero);
        Assert.InRange(taken, 0, 32 * 1024 * 1024);
        Assert.All(await answers, answer => Assert.Equal(status, answer.Status));
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task Empty_lines_without_end_are_cut_off()
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        var answers = connection.AnswersAsync();
        await connection.SendUntilClosedAsync("\r\n\r\n", TimeSpan.FromMilliseconds(50));
        Assert.All(await answers, answer => Assert.InRange(answer.Status, 400, 408));
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 2", 400)]
    [InlineData("Host: x", 400)]
    [InlineData("Authorization: Bearer x", 401)]
    [InlineData("Content-Type: application/json\r\nContent-Type: application/json", 415)]
    [InlineData("Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: text/plain", 415)]
    public async Task A_header_that_there_can_be_one_of_is_refused_twice(string headers, int status)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{hurried.Head("POST", "/users")}\r\n{headers}\r\nConnection: close\r\n\r\n{{}}");
        Assert.Equal(status, Assert.Single(await connection.AnswersAsync()).Status);
    }

    /// <summary>65 different parameters, percent signs, and names that hash alike are read in no more than linear time.</summary>
    [Theory]
    [InlineData("a=b&")]
    [InlineData("&&&&")]
    [InlineData("%%%%")]
    [InlineData("%00=")]
    [InlineData("limit=1&")]
    public async Task A_query_as_long_as_may_be_is_no_fault(string piece)
    {
        var query = string.Concat(Enumerable.Repeat(piece, 15_000 / piece.Length));
        Assert.InRange((await hurried.Server.Admin.GetAsync($"/users?{query}")).Status, 200, 422);
        await hurried.IsUnharmedAsync();
    }
}
