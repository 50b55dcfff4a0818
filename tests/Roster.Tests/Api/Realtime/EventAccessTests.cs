using System.Diagnostics;
using System.Text.Json;
using Roster.Tests.Api.Auth;
using Xunit;

namespace Roster.Tests.Api.Realtime;

/// <summary>Who may listen, to what, and for how long.</summary>
public sealed class EventAccessTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly IdentityProvider issuer = fixture.Issuer;
    private readonly RunningServer server = fixture.Server;

    [Fact]
    public async Task A_stream_ends_within_seconds_of_its_key_being_revoked()
    {
        var key = await server.NewKeyAsync("events:read");
        using var stream = await EventSocket.OpenAsync(server.Url, key.Secret);
        using var byTicket = await EventSocket.OpenAsync(server.Url, null, $"/events?ticket={await TicketAsync(key.Secret)}");
        using var other = await EventSocket.OpenAsync(server.Url, server.AdminKey);
        (await server.Admin.DeleteAsync($"/keys/{key.Id}")).Is(204);
        var start = Stopwatch.GetTimestamp();
        await stream.RestAsync();
        await byTicket.RestAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Soon);
        var user = await server.Admin.SignUpAsync();
        Assert.Contains(user.Id, (await other.NextEventAsync())["data"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_does()
    {
        var claims = issuer.Claims("events:read");
        claims["exp"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 2;
        var token = issuer.Token(claims);
        using var stream = await EventSocket.OpenAsync(server.Url, token);
        Assert.StartsWith("HTTP/1.1 200", stream.Head, StringComparison.Ordinal);
        var start = Stopwatch.GetTimestamp();
        await stream.RestAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Soon);
    }

    [Fact]
    public async Task A_ticket_opens_streams_of_its_owner_and_nothing_else_for_as_often_as_it_is_young()
    {
        var key = await server.NewKeyAsync("events:read");
        var ticket = await TicketAsync(key.Secret);
        for (var i = 0; i < 2; i++)
        {
            using var stream = await EventSocket.OpenAsync(server.Url, null, $"/events?ticket={ticket}");
            Assert.StartsWith("HTTP/1.1 200", stream.Head, StringComparison.Ordinal);
        }

        (await server.Nobody.GetAsync($"/users?ticket={ticket}")).IsProblem(401, "unauthenticated");
        (await server.Nobody.PostAsync($"/events/tickets?ticket={ticket}")).IsProblem(401, "unauthenticated");
        using var wrong = server.With("rk_wrong");
        (await wrong.GetAsync($"/events?ticket={ticket}")).IsProblem(401, "unauthenticated");
        foreach (var other in (string[])["x", ticket[..^1], ticket + "A", (ticket[0] == 'A' ? 'B' : 'A') + ticket[1..], key.Secret, new string('A', 5000)])
        {
            (await server.Nobody.GetAsync($"/events?ticket={other}")).IsProblem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task A_ticket_is_in_no_log()
    {
        var logs = KeptLogs.Of(server);
        var ticket = await TicketAsync(server.AdminKey);
        using (await EventSocket.OpenAsync(server.Url, null, $"/events?ticket={ticket}"))
        {
            (await server.Nobody.GetAsync($"/events?ticket={ticket}x")).IsProblem(401);
        }

        Assert.DoesNotContain(logs.Lines, line => line.Contains(ticket[..20], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Self_hears_its_own_user_only_and_another_cannot_be_told_from_an_unknown_one()
    {
        var (own, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        var token = issuer.TokenOf(own.Id);
        using var self = server.With(token);
        (await self.GetAsync($"/events?userId={other.Id}")).IsProblem(404, "not-found");
        (await self.GetAsync("/events?userId=01890a5d-ac96-774b-bcce-b302099a8057")).IsProblem(404, "not-found");
        var ticket = await TicketAsync(token);
        (await server.Nobody.GetAsync($"/events?userId={other.Id}&ticket={ticket}")).IsProblem(404, "not-found");
        using var stream = await EventSocket.OpenAsync(server.Url, token, "/events?after=0");
        using var byTicket = await EventSocket.OpenAsync(server.Url, null, $"/events?after=0&ticket={ticket}");
        (await server.Admin.PatchAsync($"/users/{other.Id}", """{ "name": "Other" }""")).Is(200);
        (await server.Admin.PatchAsync($"/users/{own.Id}", """{ "name": "Own" }""")).Is(200);
        foreach (var heard in (EventSocket[])[stream, byTicket])
        {
            for (var sequence = 1; sequence <= 2; sequence++)
            {
                var told = JsonElement.Parse((await heard.NextEventAsync())["data"]);
                Assert.Equal((own.Id, $"{sequence}"), (told.GetProperty("subject").GetString(), told.GetProperty("sequence").GetString()));
            }
        }
    }

    private async Task<string> TicketAsync(string key)
    {
        using var client = server.With(key);
        return (await client.PostAsync("/events/tickets")).Is(201).Text("ticket");
    }
}
