using System.Globalization;
using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class PastTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_past_state_can_be_had_by_version_and_by_time()
    {
        var states = new List<Answer> { await server.Admin.SignUpAsync() };
        var path = $"/users/{states[0].Id}";
        states.Add(await server.Admin.PatchAsync(path, """{ "name": "B", "attributes": { "a": 1 } }"""));
        states.Add(await server.Admin.PostAsync($"{path}/suspend"));
        states.Add(await server.Admin.PatchAsync(path, $$"""{ "email": "{{ApiClient.NewEmail()}}" }"""));
        foreach (var state in states)
        {
            var byVersion = await server.Admin.GetAsync($"{path}?version={state.Version}");
            Assert.Equal(state.Body, byVersion.Is(200).Body);
            Assert.Equal(state.Header("ETag"), byVersion.Header("ETag"));
            var at = DateTimeOffset.Parse(state.Text("updatedAt"), CultureInfo.InvariantCulture);
            Assert.Equal(state.Body, (await AtAsync(at)).Is(200).Body);
            Assert.Equal(state.Version - 1, (await AtAsync(at.AddMicroseconds(-1))) is { Status: 200 } before ? before.Version : 0);
        }

        Assert.Equal(states[^1].Body, (await AtAsync(DateTimeOffset.MaxValue.AddDays(-1))).Is(200).Body);
        foreach (var query in (string[])["version=0", "version=5", "version=-1", "version=9223372036854775807", "at=2001-01-01T00:00:00Z", "at=0001-01-01T00:00:00Z"])
        {
            (await server.Admin.GetAsync($"{path}?{query}")).IsProblem(404, "not-found");
        }

        Task<Answer> AtAsync(DateTimeOffset at) =>
            server.Admin.GetAsync($"{path}?at={Uri.EscapeDataString(at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture))}");
    }

    [Theory]
    [InlineData("version=x")]
    [InlineData("version=")]
    [InlineData("version=1.0")]
    [InlineData("version=9223372036854775808")]
    [InlineData("version=1&version=1")]
    [InlineData("version=1&at=2026-01-01T00:00:00Z")]
    [InlineData("at=yesterday")]
    [InlineData("at=2026-13-01T00:00:00Z")]
    [InlineData("at=2026-01-01")]
    [InlineData("at=0001-01-01T00:00:00%2B14:00")]
    public async Task What_is_no_version_or_time_is_refused(string query)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.GetAsync($"/users/{user.Id}?{query}")).IsProblem(400);
    }

    [Fact]
    public async Task A_deleted_user_is_gone_for_all_but_administrators()
    {
        using var reader = await server.WithScopesAsync("users:read", "users:write");
        var (email, name) = (ApiClient.NewEmail(), $"Gone {ApiClient.NewEmail()}");
        var user = await server.Admin.SignUpAsync(name, email);
        (await reader.DeleteAsync($"/users/{user.Id}")).Is(204);
        foreach (var path in (string[])["", "/history", "?version=1", "?version=2", "?at=2999-01-01T00:00:00Z"])
        {
            (await reader.GetAsync($"/users/{user.Id}{path}")).IsProblem(404, "not-found");
            (await server.Admin.GetAsync($"/users/{user.Id}{path}")).Is(200);
        }

        var seen = await server.Admin.GetAsync($"/users/{user.Id}");
        Assert.Equal("deleted", seen.Text("status"));
        Assert.Equal(seen.Text("updatedAt"), seen.Text("deletedAt"));
        Assert.Equal(2, seen.Version);
        foreach (var client in (ApiClient[])[reader, server.Admin])
        {
            Assert.Empty((await client.GetAsync($"/users?namePrefix={Uri.EscapeDataString(name)}")).Items);
            Assert.Empty((await client.GetAsync($"/users?email={email}")).Items);
            (await client.DeleteAsync($"/users/{user.Id}")).IsProblem(404, "not-found");
            (await client.PatchAsync($"/users/{user.Id}", """{ "name": "x" }""")).IsProblem(404, "not-found");
            (await client.PostAsync($"/users/{user.Id}/suspend")).IsProblem(404, "not-found");
            (await client.PostAsync($"/users/{user.Id}/reactivate")).IsProblem(404, "not-found");
        }

        Assert.NotEqual(user.Id, (await server.Admin.SignUpAsync(email: email)).Id);
    }

    [Fact]
    public async Task History_tells_everything_as_CloudEvents_and_who_did_it()
    {
        var (id, secret) = await server.NewKeyAsync("users:read", "users:write");
        using var client = server.With(secret);
        var (email, next) = (ApiClient.NewEmail(), ApiClient.NewEmail());
        var user = await client.SignUpAsync("Ada", email);
        var path = $"/users/{user.Id}";
        await client.PatchAsync(path, $$"""{ "name": "B", "email": "{{next}}", "attributes": { "a": [1] } }""");
        await client.PostAsync($"{path}/suspend");
        await client.PostAsync($"{path}/reactivate");
        await client.DeleteAsync(path);
        var events = (await server.Admin.GetAsync($"{path}/history")).Is(200).Items;
        string[] data =
        [
            $"{{\"version\":1,\"name\":\"Ada\",\"email\":\"{email}\",\"attributes\":{{}}}}", """{"version":2,"name":"B","attributes":{"a":[1]}}""",
            $$"""{"version":2,"email":"{{next}}","previous":"{{email}}"}""", """{"version":3}""", """{"version":4}""", """{"version":5}""",
        ];
        Assert.Equal(data, events.Select(e => e.GetProperty("data").GetRawText()));
        string[] types = ["signedUp", "profileChanged", "emailChanged", "suspended", "reactivated", "deleted"];
        Assert.Equal(types.Select(type => $"roster.user.{type}.v1"), events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal(6, events.Select(e => e.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
        for (var i = 0; i < events.Count; i++)
        {
            Assert.Equal("1.0", events[i].GetProperty("specversion").GetString());
            Assert.Equal(user.Id, events[i].GetProperty("subject").GetString());
            Assert.Equal($"{i + 1}", events[i].GetProperty("sequence").GetString());
            Assert.Equal($"key:{id}", events[i].GetProperty("actor").GetString());
            Assert.Equal("application/json", events[i].GetProperty("datacontenttype").GetString());
            Assert.NotEqual(string.Empty, events[i].GetProperty("source").GetString());
        }

        var times = events.Select(e => DateTimeOffset.Parse(e.GetProperty("time").GetString()!, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(5, times.Distinct().Count());
        Assert.Equal(times.Order(), times);
        await PagesVisitAllAsync(path, events.Select(e => e.GetProperty("id").GetString()!));
    }

    private async Task PagesVisitAllAsync(string path, IEnumerable<string> ids)
    {
        foreach (var limit in (int[])[1, 2, 6, 500])
        {
            var seen = new List<string>();
            for (string? next = $"{path}/history?limit={limit}"; next is not null;)
            {
                var page = (await server.Admin.GetAsync(next)).Is(200);
                seen.AddRange(page.Items.Select(e => e.GetProperty("id").GetString()!));
                next = page.Next;
            }

            Assert.Equal(ids, seen);
        }
    }
}
