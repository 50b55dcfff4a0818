using Xunit;

namespace Roster.Tests.Api.RateLimits;

public sealed class RateLimitTests
{
    [Fact]
    public async Task Beyond_the_limit_of_its_key_a_caller_gets_429_and_is_told_when_to_come_back()
    {
        await using var server = await RunningServer.StartAsync(("Roster:RateLimit:PerSecond", "1"), ("Roster:RateLimit:Burst", "4"));
        using var other = await server.WithScopesAsync("users:read");
        var first = (await server.Admin.GetAsync("/users")).Is(200);
        Assert.Equal("\"key\";q=4;w=4", first.Header("RateLimit-Policy"));
        Assert.Matches("^\"key\";r=[0-3];t=[1-4]$", first.Header("RateLimit"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.Admin.GetAsync("/users")));
        var refused = answers.Where(answer => answer.Status == 429).ToList();
        Assert.InRange(refused.Count, 10, 19);
        Assert.All(refused, answer =>
        {
            answer.IsProblem(429, "too-many-requests");
            Assert.Equal("\"key\";q=4;w=4", answer.Header("RateLimit-Policy"));
            Assert.Equal($"\"key\";r=0;t={answer.Header("Retry-After")}", answer.Header("RateLimit"));
        });

        // Another key has a budget of its own.
        (await other.GetAsync("/users")).Is(200);
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        (await server.Admin.GetAsync("/users")).Is(200);
    }

    [Fact]
    public async Task Health_is_never_limited_and_callers_without_a_key_are_counted_by_address()
    {
        await using var server = await RunningServer.StartAsync(
            ("Roster:RateLimit:PerSecond", "1"), ("Roster:RateLimit:Burst", "1"), ("Roster:Auth:AnonymousScopes", "users:read"));
        (await server.Nobody.GetAsync("/users")).Is(200);
        (await server.Nobody.GetAsync("/users")).IsProblem(429, "too-many-requests");
        for (var i = 0; i < 5; i++)
        {
            var health = (await server.Nobody.GetAsync("/readyz")).Is(200);
            Assert.Null(health.Header("RateLimit"));
        }
    }

    [Fact]
    public async Task Without_a_limit_no_header_speaks_of_one()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Null((await server.Admin.GetAsync("/users")).Is(200).Header("RateLimit-Policy"));
    }
}
