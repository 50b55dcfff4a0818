using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>Clients that take their time are sent away; those beside them are served all the while.</summary>
public sealed class SlowClientTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    private const int Crowd = 50;
    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Whoever_sends_a_byte_at_a_time_is_sent_away()
    {
        var others = GoodClients.Of(hurried.Server);
        await Task.WhenAll(
            CrowdAsync("GET /users HTTP/1.1\r\nHost: x\r\nX: ", 408),
            CrowdAsync("GET /", 408),
            CrowdAsync($"{hurried.Head("POST", "/users")}\r\nContent-Length: 1000000\r\n\r\n", 408),
            CrowdAsync($"{hurried.Head("POST", "/users")}\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", 408),

            // Refused at once; what it goes on sending is read for a while, so that the answer arrives, but not for ever.
            CrowdAsync("POST /users HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", 401),
            SilentAsync());
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }

    [Fact]
    public async Task Whoever_never_reads_an_answer_is_cut_off()
    {
        const int Users = 120;
        for (var i = 0; i < Users; i++)
        {
            (await hurried.Server.Admin.PostAsync(
                "/users", $$"""{ "name": "Large", "email": "{{ApiClient.NewEmail()}}", "attributes": { "a": "{{new string('x', 16_000)}}" } }""")).Is(201);
        }

        var others = GoodClients.Of(hurried.Server);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
        {
            using var connection = await HostileConnection.OpenAsync(hurried.Server.Url, window: 4096);
            await connection.SendAsync(string.Concat(Enumerable.Repeat($"{hurried.Head("GET", n % 2 == 0 ? "/users?limit=500" : "/users/export")}\r\n\r\n", 4)));
            await connection.SendUntilClosedAsync("G", Drip);
        }));
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }

    private async Task SilentAsync()
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        Assert.Empty(await connection.AnswersAsync());
    }

    private Task CrowdAsync(string start, int status) => Task.WhenAll(Enumerable.Range(0, Crowd).Select(async _ =>
    {
        using var connection = await HostileConnection.OpenAsync(hurried.Server.Url);
        await connection.SendAsync(start);
        var sending = connection.SendUntilClosedAsync(" ", Drip);
        Assert.Equal(status, Assert.Single(await connection.AnswersAsync()).Status);
        await sending;
    }));
}
