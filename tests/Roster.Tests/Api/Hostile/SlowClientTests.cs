using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>Clients that take their time are sent away; those beside them are served all the while.</summary>
public sealed class SlowClientTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    private const int Crowd = 200;
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(100);

    [Fact]
    public Task Headers_that_never_end_get_408() =>
        CrowdAsync(connection => connection.SendAsync("GET /users HTTP/1.1\r\nHost: x\r\nX: "), "x", [408]);

    [Fact]
    public Task A_request_line_that_never_ends_gets_408() =>
        CrowdAsync(connection => connection.SendAsync("GET /"), "x", [408]);

    [Fact]
    public Task A_body_that_never_ends_gets_408() => CrowdAsync(
        connection => connection.SendAsync($"{hurried.Head("POST", "/users")}\r\nContent-Length: 1000000\r\n\r\n"), " ", [408]);

    [Fact]
    public Task A_chunk_that_never_ends_gets_408() => CrowdAsync(
        connection => connection.SendAsync($"{hurried.Head("POST", "/users")}\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"), " ", [408]);

    /// <summary>It is refused at once; what it goes on sending is not waited for.</summary>
    [Fact]
    public Task A_body_that_nobody_will_read_is_not_waited_for() => CrowdAsync(
        connection => connection.SendAsync("POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"), " ", [401]);

    [Fact]
    public async Task A_connection_without_a_request_is_closed()
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        Assert.Empty(await connection.AnswersAsync());
    }

    [Theory]
    [InlineData("/users?limit=500")]
    [InlineData("/users/export")]
    public async Task A_client_that_never_reads_is_cut_off(string path)
    {
        const int Clients = 10;
        for (var i = 0; i < 120; i++)
        {
            (await hurried.Server.Admin.PostAsync(
                "/users", $$"""{ "name": "Large", "email": "{{ApiClient.NewEmail()}}", "attributes": { "a": "{{new string('x', 16_000)}}" } }""")).Is(201);
        }

        var others = GoodClients.Of(hurried.Server);
        var connections = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => HostileConnection.OpenAsync(hurried.Server.Url, window: 4096)));
        var ask = string.Concat(Enumerable.Repeat($"{hurried.Head("GET", path)}\r\n\r\n", 4));
        await Task.WhenAll(connections.Select(connection => connection.SendAsync(ask)));
        await Task.WhenAll(connections.Select(connection => connection.SendUntilClosedAsync("G", Drip)));
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
        Array.ForEach(connections, connection => connection.Dispose());
    }

    private async Task CrowdAsync(Func<HostileConnection, Task> begin, string drop, int[] statuses)
    {
        var others = GoodClients.Of(hurried.Server);
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(async _ =>
        {
            using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
            await begin(connection);
            var sending = connection.SendUntilClosedAsync(drop, Drip);
            Assert.Contains(Assert.Single(await connection.AnswersAsync()).Status, statuses);
            await sending;
        }));
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }
}
