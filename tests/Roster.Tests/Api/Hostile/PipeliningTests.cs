using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>Many requests at once on one connection, and connections that end at an odd moment.</summary>
public sealed class PipeliningTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    private const int Many = 100;

    [Fact]
    public async Task A_hundred_reads_in_one_packet_are_answered_in_order()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => hurried.Server.Admin.SignUpAsync()));
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(string.Concat(users.Select(user => $"{hurried.Head("GET", $"/users/{user.Id}")}\r\n\r\n")));
        Assert.Equal(users.Select(user => user.Id), (await connection.AnswersAsync(Many)).Select(answer => answer.Is(200).Id));
    }

    [Fact]
    public async Task Writes_and_reads_in_one_packet_happen_in_order()
    {
        var user = await hurried.Server.Admin.SignUpAsync();
        var path = $"/users/{user.Id}";
        string Rename(int n) => Sized(hurried.Head("PATCH", path), $$"""{"name":"Name {{n}}"}""");
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(string.Concat(Enumerable.Range(0, Many).Select(n =>
            $"{Rename(n)}{hurried.Head("GET", path)}\r\n\r\n{Sized(hurried.Head("POST", "/users"), "{}")}")));
        var answers = await connection.AnswersAsync(3 * Many);
        Assert.Equal(3 * Many, answers.Count);
        for (var n = 0; n < Many; n++)
        {
            Assert.Equal($"Name {n}", answers[3 * n].Is(200).Text("name"));
            Assert.Equal(answers[3 * n].Body, answers[(3 * n) + 1].Is(200).Body);
            answers[(3 * n) + 2].IsProblem(422, "invalid");
        }
    }

    [Fact]
    public async Task Behind_a_request_that_is_refused_by_the_web_server_nothing_is_done()
    {
        var user = await hurried.Server.Admin.SignUpAsync();
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync($"{hurried.Head("GET", "/users")}\r\nX\r\n\r\n{hurried.Head("DELETE", $"/users/{user.Id}")}\r\n\r\n");
        Assert.Equal(400, Assert.Single(await connection.AnswersAsync()).Status);
        (await hurried.Server.Admin.GetAsync($"/users/{user.Id}")).Is(200);
    }

    /// <summary>Kestrel takes the end of what a client sends for its leaving: an answer may still come, or not. What it says is true.</summary>
    [Fact]
    public async Task Of_a_client_that_stops_sending_a_write_is_whole_or_not_there()
    {
        var ended = await Task.WhenAll(Enumerable.Range(0, Many).Select(async n =>
        {
            var email = ApiClient.NewEmail();
            using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
            await connection.SendAsync(SignUp(email));
            await Task.Delay(n % 10);
            connection.EndSending();
            return (Email: email, Answer: (await connection.AnswersAsync()).SingleOrDefault());
        }));
        foreach (var (email, answer) in ended)
        {
            var found = await FoundAsync(email);
            if (answer is not null)
            {
                Assert.Equal(answer.Is(201).Id, Assert.Single(found).GetProperty("id").GetString());
            }

            await IsWholeAsync(found);
        }

        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task Of_a_client_that_resets_the_connection_a_write_is_whole_or_not_there()
    {
        var emails = await Task.WhenAll(Enumerable.Range(0, Many).Select(async n =>
        {
            var email = ApiClient.NewEmail();
            using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
            await connection.SendAsync(SignUp(email));
            await Task.Delay(n % 10);
            connection.Reset();
            return email;
        }));
        foreach (var email in emails)
        {
            await IsWholeAsync(await FoundAsync(email));
        }

        await hurried.IsUnharmedAsync();
    }

    /// <summary>Cut at every place: in the line, in the headers, in the body, up to its last byte.</summary>
    [Fact]
    public async Task A_request_that_breaks_off_is_not_done()
    {
        var email = ApiClient.NewEmail();
        var whole = SignUp(email);
        var chunked = $"{hurried.Head("POST", "/users")}\r\nTransfer-Encoding: chunked\r\n\r\n{Body(email).Length:x}\r\n{Body(email)}\r\n0\r\n\r\n";
        var parts = Enumerable.Range(1, whole.Length - 1).Select(length => whole[..length])
            .Concat(Enumerable.Range(whole.Length - 60, 60).Where(length => length < chunked.Length - 7).Select(length => chunked[..length]));
        foreach (var batch in parts.Chunk(50))
        {
            await Task.WhenAll(batch.Select(async part =>
            {
                using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
                await connection.SendAsync(part);
                connection.EndSending();
                Assert.All(await connection.AnswersAsync(), answer => Assert.Equal(400, answer.Status));
            }));
        }

        Assert.Empty(await FoundAsync(email));
        await hurried.IsUnharmedAsync();
    }

    [Theory]
    [InlineData("Expect: 100-continue")]
    [InlineData("Expect: 100-Continue")]
    [InlineData("Expect: 200-ok")]
    [InlineData("Expect:")]
    public async Task An_expectation_is_met_or_passed_over(string header)
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        var email = ApiClient.NewEmail();
        var head = hurried.Head("POST", "/users");
        var parts = SignUp(email).Replace(head, $"{head}\r\n{header}", StringComparison.Ordinal).Split("\r\n\r\n");
        await connection.SendAsync($"{parts[0]}\r\n\r\n");
        if (header.Contains("100", StringComparison.Ordinal))
        {
            (await connection.AnswersAsync(1)).Single().Is(100);
        }

        await connection.SendAsync(parts[1]);
        (await connection.AnswersAsync(1)).Single().Is(201);
    }

    [Fact]
    public async Task A_body_that_would_be_refused_is_not_asked_for()
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync("POST /users HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n");
        Assert.Equal(401, (await connection.AnswersAsync(1)).Single().Status);
    }

    private static string Sized(string head, string body) => $"{head}\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Body(string email) => $$"""{"name":"Ada","email":"{{email}}"}""";

    private string SignUp(string email) => Sized(hurried.Head("POST", "/users"), Body(email));

    private async Task<IReadOnlyList<System.Text.Json.JsonElement>> FoundAsync(string email) =>
        (await hurried.Server.Admin.GetAsync($"/users?email={email}")).Is(200).Items;

    private async Task IsWholeAsync(IReadOnlyList<System.Text.Json.JsonElement> found)
    {
        foreach (var user in found)
        {
            Assert.Single((await hurried.Server.Admin.GetAsync($"/users/{user.GetProperty("id").GetString()}/history")).Is(200).Items);
        }
    }
}
