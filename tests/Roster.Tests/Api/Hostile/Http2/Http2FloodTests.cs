using Xunit;
using static Roster.Tests.Api.Hostile.Http2.Http2Frame;

namespace Roster.Tests.Api.Hostile.Http2;

/// <summary>Much of what costs a client nothing. The connection ends or bears it; the server and all others do not notice.</summary>
public sealed class Http2FloodTests(ImpatientServer hurried) : IClassFixture<ImpatientServer>
{
    [Fact]
    public Task Streams_that_are_reset_at_once() => FloodAsync(400, (connection, batch) =>
        [.. Enumerable.Range(batch * 50, 50).SelectMany(n => (Http2Frame[])[connection.Get((2 * n) + 1, "/users?limit=500"), Number(Reset, (2 * n) + 1, 8)])]);

    [Fact]
    public Task Streams_that_the_server_is_made_to_reset() => FloodAsync(400, (connection, batch) =>
        [.. Enumerable.Range(batch * 50, 50).SelectMany(n => (Http2Frame[])[connection.Get((2 * n) + 1, "/users?limit=500"), Number(WindowUpdate, (2 * n) + 1, 0)])]);

    [Fact]
    public Task Pings() => FloodAsync(200, (_, _) => Enumerable.Repeat(new Http2Frame(Ping, 0, 0, new byte[8]), 500));

    [Fact]
    public Task Settings_that_change_nothing() => FloodAsync(200, (_, _) => Enumerable.Repeat(Setting(3, 100), 500));

    [Fact]
    public Task Windows_that_grow_and_shrink() => FloodAsync(200, (_, batch) => Enumerable.Repeat(Setting(4, batch), 500));

    [Fact]
    public Task Frames_of_kinds_that_do_not_exist() => FloodAsync(200, (_, _) => Enumerable.Repeat(new Http2Frame(0xEE, 0xFF, 0, new byte[20]), 500));

    [Fact]
    public Task Frames_of_data_without_data() => FloodAsync(200, (connection, batch) => batch == 0
        ? [new Http2Frame(Headers, EndHeaders, 1, connection.Request("POST", "/users"))]
        : Enumerable.Repeat(new Http2Frame(Data, 0, 1, []), 500));

    /// <summary>Whether it carries nothing, a field at a time, or as much as fits.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(16_000)]
    public async Task Headers_that_are_continued_for_ever_end_the_connection(int size)
    {
        var others = GoodClients.Of(hurried.Server);
        using var connection = await Http2Connection.OpenAsync(hurried);
        await connection.SendAsync(new Http2Frame(Headers, EndStream, 1, connection.Request("GET", "/users")));
        var more = new Http2Frame(Continuation, 0, 1, size == 0 ? [] : Block(("x", new string('x', size)))).ToBytes();
        while (await connection.SendBytesAsync(more))
        {
            await Task.Delay(size == 0 ? 1 : 0);
        }

        await connection.GoodbyeAsync();
        await others.WereServedAsync();
        await hurried.IsUnharmedAsync();
    }

    /// <summary>Once with a client that reads what comes back, once with one that never does.</summary>
    private async Task FloodAsync(int batches, Func<Http2Connection, int, IEnumerable<Http2Frame>> next)
    {
        foreach (var reads in (bool[])[true, false])
        {
            var others = GoodClients.Of(hurried.Server);
            using var connection = await Http2Connection.OpenAsync(hurried, reads);
            for (var batch = 0; batch < batches && await connection.SendSoonAsync(next(connection, batch)); batch++)
            {
                // Until the server has enough.
            }

            await others.WereServedAsync();
            await hurried.IsUnharmedAsync();
        }
    }
}
