using System.Net.Sockets;
using Roster.Cli.Settings;
using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class WhoGetsInTests
{
    [Fact]
    public async Task Callers_without_a_key_may_do_what_the_setting_says_and_no_more()
    {
        await using var server = await RunningServer.StartAsync(("Roster:Auth:AnonymousScopes", "users:read, users:write"));
        var made = await server.Nobody.SignUpAsync();
        var history = await server.Nobody.GetAsync($"/users/{made.Id}/history");
        Assert.Equal("anonymous", history.Is(200).Items[0].GetProperty("actor").GetString());
        (await server.Nobody.GetAsync("/keys")).IsProblem(403, "missing-scope");
        using var wrong = server.With("rk_wrong");
        (await wrong.GetAsync("/users")).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task The_administrators_key_of_the_settings_works_and_names_itself_in_events()
    {
        await using var server = await RunningServer.StartAsync(("Roster:Auth:AdminKey", "a key of sixteen+"));
        using var client = server.With("a key of sixteen+");
        var made = await client.SignUpAsync();
        var history = await client.GetAsync($"/users/{made.Id}/history");
        Assert.Equal("key:bootstrap", history.Items[0].GetProperty("actor").GetString());
        (await client.GetAsync("/keys")).Is(200);
        (await server.Admin.GetAsync("/keys")).Is(200);
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_not_in_lists()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await server.Admin.PostAsync("/keys", """{ "name": "n", "scopes": ["users:read", "users:read"], "expiresAt": "2999-01-01T00:00:00Z" }""");
        made.Is(201);
        Assert.StartsWith("rk_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Equal("no-store", made.Header("Cache-Control"));
        var listed = (await server.Admin.GetAsync("/keys")).Items.Single(key => key.GetProperty("id").GetString() == made.Id);
        Assert.False(listed.TryGetProperty("secret", out _));
        Assert.Equal(1, listed.GetProperty("scopes").GetArrayLength());
        (await server.Admin.DeleteAsync($"/keys/{made.Id}")).Is(204);
        (await server.Admin.DeleteAsync($"/keys/{made.Id}")).IsProblem(404, "not-found");
    }

    [Theory]
    [InlineData("""{ "scopes": ["admin"] }""", 422, "name")]
    [InlineData("""{ "name": "k" }""", 422, "scopes")]
    [InlineData("""{ "name": "k", "scopes": [] }""", 422, "scopes")]
    [InlineData("""{ "name": "k", "scopes": ["admin"], "expiresAt": "2001-01-01T00:00:00Z" }""", 422, "expiresAt")]
    [InlineData("""{ "name": "k", "scopes": ["admin"], "expiresAt": "1/2/2999" }""", 400, "expiresAt")]
    [InlineData("""{ "name": "k", "scopes": ["admin"], "expiresAt": 5 }""", 400, "expiresAt")]
    [InlineData("""{ "name": "k", "scopes": ["admin"], "shoe": 5 }""", 422, "shoe")]
    public async Task A_key_needs_a_name_known_scopes_and_a_future(string body, int status, string field)
    {
        await using var server = await RunningServer.StartAsync();
        (await server.Admin.PostAsync("/keys", body)).IsProblem(status, null, field);
    }

    [Fact]
    public async Task Metrics_are_open_on_their_own_listener_and_nothing_else_is_there()
    {
        await using var server = await OnFreeMetricsPortAsync();
        using var scraper = new ApiClient(server.MetricsUrl!, null, isApi: false);
        foreach (var path in (string[])["/metrics", "/metrics/"])
        {
            var scraped = (await scraper.GetAsync(path)).Is(200);
            Assert.Contains("# TYPE", System.Text.Encoding.UTF8.GetString(scraped.Body), StringComparison.Ordinal);
        }

        (await scraper.PostAsync("/metrics")).IsProblem(405);
        using var admin = new ApiClient(server.MetricsUrl!, server.AdminKey, isApi: false);
        foreach (var path in (string[])["/", "/users", "/keys", "/livez", "/readyz", "/healthz", "/metrics/x", "/Metrics"])
        {
            (await admin.GetAsync(path)).IsProblem(404);
        }

        (await server.Nobody.GetAsync("/metrics")).IsProblem(401);
        (await server.Admin.GetAsync("/metrics")).Is(200);
    }

    [Fact]
    public async Task An_unknown_scope_for_callers_without_a_key_stops_the_start()
    {
        var server = RunningServer.StartAsync(("Roster:Auth:AnonymousScopes", "users:eat"));
        await Assert.ThrowsAsync<SettingsException>(() => server);
    }

    private static async Task<RunningServer> OnFreeMetricsPortAsync()
    {
        // The setting names a port; somebody may take the free one before the server does.
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
            probe.Start();
            var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            try
            {
                return await RunningServer.StartAsync(("Roster:Metrics:Urls", $"http://127.0.0.1:{port}"));
            }
            catch (IOException) when (attempt < 20)
            {
            }
        }
    }
}
