using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Roster.Core.Storage;
using Roster.Tests.Api.Contract;
using Xunit;

namespace Roster.Tests.Api.Realtime;

/// <summary><c>GET /events</c> as it is on the wire.</summary>
public sealed partial class EventStreamTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_stream_begins_with_its_position_and_then_tells_each_event_in_three_lines()
    {
        using var stream = await EventSocket.OpenAsync(server.Url, server.AdminKey);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", stream.Head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/event-stream\r\n", stream.Head + "\r\n", StringComparison.Ordinal);
        Assert.Contains("\r\nCache-Control: no-store\r\n", stream.Head + "\r\n", StringComparison.Ordinal);
        Assert.Contains("\r\nX-Accel-Buffering: no\r\n", stream.Head + "\r\n", StringComparison.Ordinal);
        Assert.NotNull(await stream.NextBlockAsync());
        Assert.Matches(Beginning(), stream.Body);

        var user = await server.Admin.SignUpAsync("Ädä \"two\nlines\"");
        IReadOnlyDictionary<string, string> told;
        do
        {
            told = await stream.NextEventAsync();
        }
        while (SubjectOf(told) != user.Id);

        Assert.Equal("roster.user.signedUp.v1", told["event"]);
        Assert.Empty(new JsonSchema(ApiDocument.Served.Root, closed: true).Check(ApiDocument.Served.Component("schemas", "Event"), JsonElement.Parse(told["data"])));
        Assert.InRange(told["id"].Length, 1, 1024);
        Assert.Contains($"id: {told["id"]}\nevent: roster.user.signedUp.v1\ndata: {told["data"]}\n\n", stream.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Last_event_id_wins_over_after_and_nothing_comes_again()
    {
        var user = await server.Admin.SignUpAsync();
        using var all = await EventSocket.OpenAsync(server.Url, server.AdminKey, $"/events?userId={user.Id}&after=0");
        Assert.Equal("1", SequenceOf(await all.NextEventAsync()));
        for (var i = 2; i <= 5; i++)
        {
            (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "name": "Ada {{i}}" }""")).Is(200);
        }

        Assert.Equal("2", SequenceOf(await all.NextEventAsync()));
        Assert.Equal("3", SequenceOf(await all.NextEventAsync()));
        using var again = await EventSocket.OpenAsync(server.Url, server.AdminKey, $"/events?userId={user.Id}&after=0", all.LastId);
        Assert.Equal("4", SequenceOf(await again.NextEventAsync()));
        Assert.Equal("5", SequenceOf(await again.NextEventAsync()));
        using var byQuery = await EventSocket.OpenAsync(server.Url, server.AdminKey, $"/events?userId={user.Id}&after={all.LastId}");
        Assert.Equal("4", SequenceOf(await byQuery.NextEventAsync()));
    }

    [Fact]
    public async Task Types_and_a_user_can_be_asked_for()
    {
        var (user, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        using var stream = await EventSocket.OpenAsync(
            server.Url, server.AdminKey, $"/events?userId={user.Id}&types=roster.user.suspended.v1,roster.post.published.v1");
        (await server.Admin.PostAsync($"/users/{other.Id}/suspend")).Is(200);
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Grace" }""")).Is(200);
        await server.Admin.PublishAsync(user.Id);
        (await server.Admin.PostAsync($"/users/{user.Id}/suspend")).Is(200);
        Assert.Equal("roster.post.published.v1", (await stream.NextEventAsync())["event"]);
        Assert.Equal("roster.user.suspended.v1", (await stream.NextEventAsync())["event"]);
    }

    [Fact]
    public async Task A_heartbeat_moves_a_filtered_stream_on_and_is_no_event()
    {
        await using var quick = await RunningServer.StartAsync(settings => settings with
        {
            Feed = settings.Feed with { Heartbeat = TimeSpan.FromMilliseconds(300), Pulse = TimeSpan.FromMilliseconds(50) },
        });
        var user = await quick.Admin.SignUpAsync();
        using var stream = await EventSocket.OpenAsync(quick.Url, quick.AdminKey, $"/events?userId={user.Id}");
        await stream.NextBlockAsync();
        var first = stream.LastId;
        await quick.Admin.SignUpAsync();
        while (stream.LastId == first)
        {
            Assert.DoesNotContain("data", (await stream.NextBlockAsync())!.Keys);
        }

        Assert.Contains($"\n\n:\nid: {stream.LastId}\n\n", stream.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_position_whose_events_were_removed_is_gone()
    {
        await using var own = await RunningServer.StartAsync();
        using var stream = await EventSocket.OpenAsync(own.Url, own.AdminKey);
        await stream.NextBlockAsync();
        var user = await own.Admin.SignUpAsync();
        for (var i = 0; i < 10; i++)
        {
            (await own.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "name": "Ada {{i}}" }""")).Is(200);
        }

        stream.Dispose();
        var store = own.Services.GetRequiredService<IStore>();
        var expiry = new Expiry(DateTimeOffset.MaxValue, DateTimeOffset.MinValue, 1000);
        while (await store.ExpireAsync(expiry, CancellationToken.None) > 0)
        {
            // A step at a time.
        }

        // The node remembers recent events by itself for as long as somebody listens, and a second.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Answer answer;
        do
        {
            await Task.Delay(2_500, deadline.Token);
            answer = await own.Admin.GetAsync($"/events?after={stream.LastId}");
        }
        while (answer.Status == 200);

        answer.IsProblem(410, "events-expired");
        (await own.Admin.GetAsync("/events?after=0")).Is(200);
    }

    [Fact]
    public async Task Head_has_no_body_and_an_end()
    {
        var head = await server.Admin.SendAsync("HEAD", "/events", null);
        head.Is(200);
        Assert.Equal("text/event-stream", head.Header("Content-Type"));
        using var socket = await EventSocket.OpenAsync(server.Url, server.AdminKey, method: "HEAD");
        Assert.StartsWith("HTTP/1.1 200 OK", socket.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_and_a_key_have_so_many_streams()
    {
        await using var small = await RunningServer.StartAsync(("Roster:Events:MaxStreams", "3"), ("Roster:Events:MaxStreamsPerKey", "2"));
        var (one, other) = (await small.NewKeyAsync("events:read"), await small.NewKeyAsync("events:read"));
        using var first = await EventSocket.OpenAsync(small.Url, one.Secret);
        using var second = await EventSocket.OpenAsync(small.Url, one.Secret);
        using var client = small.With(one.Secret);
        var refused = (await client.GetAsync("/events")).IsProblem(429, "too-many-streams");
        Assert.NotNull(refused.Header("Retry-After"));
        using var third = await EventSocket.OpenAsync(small.Url, other.Secret);
        using var more = small.With(other.Secret);
        (await more.GetAsync("/events")).IsProblem(503, "unavailable");
    }

    [Fact]
    public async Task A_socket_that_does_not_read_is_ended_after_what_it_has_and_resumes()
    {
        const int Events = 400;
        await using var strict = await RunningServer.StartAsync(settings => settings with
        {
            Feed = settings.Feed with { MaxWaiting = 20, MaxWaitingBytes = 256 * 1024 },
        });
        var user = await strict.Admin.SignUpAsync();
        using var stream = await EventSocket.OpenAsync(strict.Url, strict.AdminKey, window: 4096);
        var large = new string('x', 15_000);
        for (var i = 0; i < Events; i++)
        {
            (await strict.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "attributes": { "a{{i}}": "{{large}}", "a{{i - 1}}": null } }""")).Is(200);
        }

        var had = await stream.RestAsync();
        var sequences = had.Where(block => block.ContainsKey("data")).Select(SequenceOf).ToList();
        Assert.InRange(sequences.Count, 1, Events - 1);
        using var again = await EventSocket.OpenAsync(strict.Url, strict.AdminKey, lastEventId: stream.LastId);
        while (sequences.Count < Events)
        {
            sequences.Add(SequenceOf(await again.NextEventAsync()));
        }

        Assert.Equal(Enumerable.Range(2, Events).Select(i => $"{i}"), sequences);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_in_any_more_is_cut_off()
    {
        await using var strict = await RunningServer.StartAsync(settings => settings with
        {
            Feed = settings.Feed with { Patience = TimeSpan.FromSeconds(1), Pulse = TimeSpan.FromMilliseconds(100) },
        });
        var user = await strict.Admin.SignUpAsync();
        using var stream = await EventSocket.OpenAsync(strict.Url, strict.AdminKey, "/events?after=0", window: 4096);
        for (var i = 0; i < 400; i++)
        {
            (await strict.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "attributes": { "a": "{{i}}{{new string('x', 15_000)}}" } }""")).Is(200);
        }

        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.InRange((await stream.RestAsync()).Count, 1, 399);
        Assert.NotNull(stream.LastId);
    }

    private static string SubjectOf(IReadOnlyDictionary<string, string> block) => JsonElement.Parse(block["data"]).GetProperty("subject").GetString()!;

    private static string SequenceOf(IReadOnlyDictionary<string, string> block) => JsonElement.Parse(block["data"]).GetProperty("sequence").GetString()!;

    [GeneratedRegex(@"^retry: [12]\d\d\d\n:\nid: [A-Za-z0-9_-]+\n\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Beginning();
}
