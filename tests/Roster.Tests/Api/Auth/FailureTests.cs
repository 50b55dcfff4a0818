using System.Net;
using System.Text;
using Roster.Api.Auth;
using Roster.Api.Auth.Failures;
using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class FailureTests
{
    private const int Limit = 5;

    [Fact]
    public async Task After_too_many_failures_more_get_429_while_valid_credentials_pass()
    {
        await using var server = await LimitedAsync();
        var logs = KeptLogs.Of(server);
        using var wrong = server.With(server.AdminKey[..^1]);
        for (var n = 0; n < Limit; n++)
        {
            (await wrong.GetAsync("/users")).IsProblem(401, "unauthenticated");
        }

        for (var n = 0; n < Limit; n++)
        {
            var refused = (await wrong.GetAsync("/users")).IsProblem(429, "too-many-failures");
            Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 60);
            Assert.Equal($"\"auth-failures\";q={Limit};w=60", refused.Header("RateLimit-Policy"));
            Assert.StartsWith("\"auth-failures\";r=0;t=", refused.Header("RateLimit"), StringComparison.Ordinal);
        }

        (await server.Nobody.GetAsync("/users")).IsProblem(429, "too-many-failures");
        (await server.Admin.GetAsync("/users")).Is(200);
        (await server.Nobody.GetAsync("/livez")).Is(200);
        Assert.Equal(Limit, logs.Lines.Count(line => line.Contains("no valid credential", StringComparison.Ordinal)));
        Assert.Equal(1, logs.Lines.Count(line => line.Contains("more get 429", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Failures_are_counted_by_status()
    {
        await using var server = await LimitedAsync();
        for (var n = 0; n <= Limit; n++)
        {
            await server.Nobody.GetAsync("/users");
        }

        var scraped = Encoding.UTF8.GetString((await server.Admin.GetAsync("/metrics")).Is(200).Body);
        Assert.Matches("roster_auth_failures_total\\{[^}]*status=\"401\"[^}]*\\} [1-9]", scraped);
        Assert.Matches("roster_auth_failures_total\\{[^}]*status=\"429\"[^}]*\\} [1-9]", scraped);
    }

    [Fact]
    public async Task A_missing_scope_is_no_failure_of_authentication()
    {
        await using var server = await LimitedAsync();
        using var reader = await server.WithScopesAsync("users:read");
        for (var n = 0; n <= Limit + 1; n++)
        {
            (await reader.GetAsync("/keys")).IsProblem(403, "missing-scope");
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void An_address_is_counted_alone_and_an_IPv6_network_as_one(string left, string right, bool together)
    {
        using var limit = new FailureLimit(new AuthOptions { FailuresPerMinute = 1 });
        Assert.Null(limit.Count(IPAddress.Parse(left)));
        Assert.True(limit.Count(IPAddress.Parse(right)) is not null == together
            || FailureLimit.PartitionOf(IPAddress.Parse(left)) == FailureLimit.PartitionOf(IPAddress.Parse(right)));
        Assert.NotNull(limit.Count(IPAddress.Parse(left)));
    }

    [Fact]
    public void However_many_addresses_fail_partitions_are_bounded()
    {
        var seen = Enumerable.Range(0, 200_000)
            .Select(n => FailureLimit.PartitionOf(new IPAddress([0x20, 1, 13, 184, .. BitConverter.GetBytes(n), 0, 0, 0, 0, 0, 0, 0, 1])))
            .ToHashSet();
        Assert.InRange(seen.Count, 10_000, 16_384);
        Assert.All(seen, partition => Assert.InRange(partition, 0, 16_383));
    }

    [Fact]
    public async Task No_part_of_a_credential_is_logged()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        await using var server = await issuer.BelievedAsync();
        var logs = KeptLogs.Of(server);
        var expired = issuer.Claims();
        (expired["exp"], expired["nbf"]) = (1_000_000_000, 0);
        using var thief = SigningKey.NewRsa("first");
        using var stranger = SigningKey.NewRsa("stranger-with-a-name");
        string[] secrets =
        [
            $"rk_0123456789abcdef_{new string('s', 43)}", server.AdminKey[..^1], "password-in-the-wrong-place", issuer.Token(expired),
            issuer.Token("admin") + "AAAA", thief.Sign(IdentityProvider.Header("RS256"), issuer.Claims()), stranger.Sign(IdentityProvider.Header("RS256", "stranger-with-a-name"), issuer.Claims()),
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.", new string('e', 9_000) + "y.y.y", "ey" + new string('e', 9_000) + ".y.y",
        ];
        foreach (var secret in secrets)
        {
            using var client = server.With(secret);
            (await client.GetAsync("/users")).IsProblem(401, "unauthenticated");
        }

        Assert.Equal(secrets.Length, logs.Lines.Count(line => line.Contains("no valid credential", StringComparison.Ordinal)));
        foreach (var part in secrets.SelectMany(secret => secret.Split('.', '_')).Where(part => part.Length >= 8).Append("stranger-with"))
        {
            // The first 8 characters are enough to recognise a part; a shorter piece could be chance.
            Assert.DoesNotContain(logs.Lines, line => line.Contains(part[..8], StringComparison.Ordinal) || line.Contains(part[^8..], StringComparison.Ordinal));
        }

        Assert.All(logs.Lines, line => Assert.InRange(line.Length, 1, 600));
    }

    private static Task<RunningServer> LimitedAsync() => RunningServer.StartAsync(("Roster:Auth:FailuresPerMinute", $"{Limit}"));
}
