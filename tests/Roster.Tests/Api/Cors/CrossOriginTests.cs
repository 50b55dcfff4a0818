using Xunit;

namespace Roster.Tests.Api.Cors;

public sealed class CrossOriginTests : IAsyncLifetime
{
    private const string App = "https://app.example.com";
    private const string Local = "http://localhost:5173";
    private const string Allowed = "Access-Control-Allow-Origin";

    private RunningServer server = null!;

    public async ValueTask InitializeAsync() => server = await RunningServer.StartAsync(("Roster:Cors:Origins", $"{App},{Local}"));

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("/users", "POST")]
    [InlineData("/users/x", "PATCH")]
    [InlineData("/users/x", "DELETE")]
    [InlineData("/events", "GET")]
    public async Task A_preflight_is_answered_without_a_key(string path, string method)
    {
        var answer = (await PreflightAsync(path, App, method, "authorization,content-type,idempotency-key,if-match,if-none-match,consistency-token,last-event-id,traceparent")).Is(204);
        Assert.Equal(App, answer.Header(Allowed));
        Assert.Contains(method, answer.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("600", answer.Header("Access-Control-Max-Age"));
        foreach (var name in (string[])["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Consistency-Token", "Last-Event-ID", "traceparent"])
        {
            Assert.Contains(name, answer.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        }

        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://app.example.com.evil.example")]
    [InlineData("http://app.example.com")]
    [InlineData("https://app.example.com:8443")]
    [InlineData("https://APP.example.com")]
    [InlineData("null")]
    public async Task Another_origin_is_told_nothing(string origin)
    {
        var preflight = await PreflightAsync("/users", origin, "POST", "authorization");
        var simple = await server.Admin.GetAsync("/users", ("Origin", origin));
        Assert.Equal(200, simple.Status);
        foreach (var answer in (Answer[])[preflight, simple])
        {
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", answer.Header("Vary"));
        }
    }

    [Fact]
    public async Task A_page_reads_the_headers_that_clients_need()
    {
        var answer = (await server.Admin.SignUpAsync("Ada", null, ("Origin", Local))).Is(201);
        Assert.Equal(Local, answer.Header(Allowed));
        foreach (var name in (string[])["ETag", "Location", "Link", "Consistency-Token", "Idempotency-Replayed", "Retry-After", "RateLimit", "RateLimit-Policy"])
        {
            Assert.Contains(name, answer.Header("Access-Control-Expose-Headers")!.Split(','));
        }
    }

    [Theory]
    [InlineData("GET", "/users", null, 401)]
    [InlineData("GET", "/nothing", null, 404)]
    [InlineData("PUT", "/users", null, 405)]
    [InlineData("POST", "/users", "{", 400)]
    [InlineData("POST", "/users", "{}", 422)]
    public async Task An_error_can_be_read_by_the_page_too(string method, string path, string? body, int status)
    {
        var client = status == 401 ? server.Nobody : server.Admin;
        var answer = (await client.SendAsync(method, path, body, ("Origin", App))).IsProblem(status);
        Assert.Equal(App, answer.Header(Allowed));
        Assert.Equal("Origin", answer.Header("Vary"));
    }

    [Fact]
    public async Task Answers_without_an_origin_still_vary_by_it() =>
        Assert.Equal("Origin", (await server.Admin.GetAsync("/users")).Header("Vary"));

    [Fact]
    public async Task By_default_no_origin_is_allowed()
    {
        await using var closed = await RunningServer.StartAsync();
        var answer = (await closed.Admin.GetAsync("/users", ("Origin", App))).Is(200);
        Assert.Null(answer.Header(Allowed));
        Assert.Null(answer.Header("Vary"));
        var preflight = await closed.Nobody.SendAsync("OPTIONS", "/users", null, ("Origin", App), ("Access-Control-Request-Method", "POST"));
        preflight.IsProblem(405);
    }

    private Task<Answer> PreflightAsync(string path, string origin, string method, string headers) => server.Nobody.SendAsync(
        "OPTIONS", path, null, ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));
}
