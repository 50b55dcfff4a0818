using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Roster.Api.Auth.Jwt;
using Roster.Cli.Settings;
using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class IssuerOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_the_issuer_was_never_reached_tokens_get_503_and_keys_work()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        issuer.IsDown = true;
        await using var server = await RunningServer.StartAsync(Impatient, issuer.Settings);
        using var client = server.With(issuer.Token());
        var answer = (await client.GetAsync("/users")).IsProblem(503, "unavailable");
        Assert.Equal("1", answer.Header("Retry-After"));
        (await server.Admin.GetAsync("/users")).Is(200);
        using var garbage = server.With("eyJhbGciOiJub25lIn0.e30.");
        (await garbage.GetAsync("/users")).IsProblem(401, "unauthenticated");

        issuer.IsDown = false;
        await UntilAsync(client, 200);
    }

    [Fact]
    public async Task Tokens_outlive_an_outage_of_the_issuer()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        await using var server = await issuer.BelievedAsync(Impatient);
        using var before = server.With(issuer.Token());
        (await before.GetAsync("/users")).Is(200);
        issuer.IsDown = true;
        var asked = issuer.Asked;
        using var after = server.With(issuer.Token(sub: "grace"));
        while (issuer.Asked < asked + 2)
        {
            (await after.GetAsync("/users")).Is(200);
        }

        (await before.GetAsync("/users")).Is(200);
    }

    [Fact]
    public async Task A_new_key_is_found_and_an_old_one_is_forgotten()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        await using var server = await issuer.BelievedAsync(Impatient);
        using var old = issuer.Keys[0];
        var signedBefore = issuer.Token(sub: "signed before, seen later");
        issuer.Keys = [SigningKey.NewRsa("second")];
        using var renewed = server.With(issuer.Token());
        await UntilAsync(renewed, 200);
        using var late = server.With(signedBefore);
        (await late.GetAsync("/users")).IsProblem(401, "unauthenticated");
    }

    [Fact]
    public async Task Unknown_keys_make_one_request_to_the_issuer_per_pause_however_many_come()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        await using var server = await issuer.BelievedAsync();
        var (asked, begun) = (issuer.Asked, TimeProvider.System.GetTimestamp());
        using var strangers = SigningKey.NewEc("x", System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async n =>
        {
            using var client = server.With(strangers.Sign(new() { ["alg"] = "ES256", ["kid"] = $"unknown {n}" }, issuer.Claims()));
            (await client.GetAsync("/users")).IsProblem(401, "unauthenticated");
        }));
        Assert.InRange(issuer.Asked - asked, 0, 1 + (int)(TimeProvider.System.GetElapsedTime(begun) / TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Keys_are_trusted_up_to_their_maximum_age_and_asked_for_at_most_once_in_a_pause()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        var time = new FakeTimeProvider();
        using var keys = KeysOf(issuer, time);
        Assert.Null(keys.Current);
        await keys.RefreshAsync();
        await keys.RefreshAsync();
        Assert.Equal(1, issuer.Asked);
        Assert.Single(keys.Current!.Find("first"));
        Assert.Single(keys.Current.Find(null));
        Assert.Empty(keys.Current.Find("second"));

        issuer.IsDown = true;
        time.Advance(TimeSpan.FromMinutes(59));
        await keys.RefreshAsync();
        Assert.Equal(2, issuer.Asked);
        Assert.NotNull(keys.Current);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(keys.Current);

        issuer.IsDown = false;
        Assert.True(keys.AreDue);
        await keys.RefreshAsync();
        Assert.NotNull(keys.Current);
        Assert.False(keys.AreDue);
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(keys.AreDue);
    }

    [Fact]
    public async Task A_document_of_another_issuer_and_keys_that_are_too_weak_are_not_believed()
    {
        await using var issuer = await IdentityProvider.StartAsync();
        var time = new FakeTimeProvider();
        using var keys = KeysOf(issuer, time);
        issuer.SaysIssuer = "http://127.0.0.1/another";
        await keys.RefreshAsync();
        Assert.Null(keys.Current);

        issuer.SaysIssuer = issuer.Issuer + "/";
        issuer.Keys[0].Dispose();
        issuer.Keys = [SigningKey.NewRsa("weak", 1024)];
        time.Advance(TimeSpan.FromMinutes(1));
        await keys.RefreshAsync();
        Assert.Null(keys.Current);
        issuer.Keys = [issuer.Keys[0], SigningKey.NewRsa("strong")];
        time.Advance(TimeSpan.FromMinutes(1));
        await keys.RefreshAsync();
        Assert.Single(keys.Current!.Find("strong"));
        Assert.Empty(keys.Current.Find("weak"));
    }

    private static SigningKeys KeysOf(IdentityProvider issuer, FakeTimeProvider time) => new(
        new JwtOptions(new Uri(issuer.Issuer), IdentityProvider.Audience, null), TimeSpan.FromHours(1), time, NullLogger<SigningKeys>.Instance);

    /// <summary>Intervals that are minutes and seconds otherwise.</summary>
    private static RosterSettings Impatient(RosterSettings settings) => settings with
    {
        Auth = settings.Auth with
        {
            Jwt = settings.Auth.Jwt! with { RefreshAfter = TimeSpan.FromMilliseconds(20), Pause = TimeSpan.FromMilliseconds(20) },
        },
    };

    private static async Task UntilAsync(ApiClient client, int status)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while ((await client.GetAsync("/users")).Status != status)
        {
            await Task.Delay(5, deadline.Token);
        }
    }
}
