using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Cli.Settings;

namespace Roster.Tests.Api.Auth;

/// <summary>
/// A small OpenID Connect issuer on a free port: discovery document and key set, as many keys as a test likes, and an
/// outage that cuts every connection. Start one per test.
/// </summary>
public sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "roster-tests";

    private readonly WebApplication app;
    private int asked;

    private IdentityProvider(WebApplication app) => this.app = app;

    /// <summary>What <c>Roster:Auth:Jwt:Authority</c> has to be.</summary>
    public string Issuer { get; private set; } = string.Empty;

    /// <summary>What the discovery document says, when that is not the truth.</summary>
    public string? SaysIssuer { get; set; }

    /// <summary>What the key set holds; the first key signs.</summary>
    public IReadOnlyList<SigningKey> Keys { get; set; } = [];

    /// <summary>While true, connections are cut without an answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often somebody asked for the discovery document, also while it was down.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>The settings of a server that believes it.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("Roster:Auth:Jwt:Authority", Issuer), ("Roster:Auth:Jwt:Audience", Audience), ("Roster:Auth:Jwt:UserIdClaim", "roster_user"),
    ];

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new IdentityProvider(builder.Build()) { Keys = [SigningKey.NewRsa("first")] };
        provider.Map();
        await provider.app.StartAsync();
        provider.Issuer = provider.app.Urls.First();
        return provider;
    }

    /// <summary>Starts a server that believes it, and waits until it does: a loaded machine may need a second try for the keys.</summary>
    public async Task<RunningServer> BelievedAsync(Func<RosterSettings, RosterSettings>? tune = null)
    {
        var server = await RunningServer.StartAsync(tune ?? (settings => settings), Settings);
        using var client = server.With(Token());
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await client.GetAsync("/users")).Status != 200)
        {
            await Task.Delay(50, deadline.Token);
        }

        return server;
    }

    /// <summary>The header of a token.</summary>
    public static JsonObject Header(string algorithm, string kid = "first") =>
        new() { ["alg"] = algorithm, ["typ"] = "at+jwt", ["kid"] = kid };

    /// <summary>Claims that let somebody in; tests change what they are about.</summary>
    public JsonObject Claims(string scope = "users:read", string sub = "ada")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = sub, ["scope"] = scope, ["iat"] = now - 120, ["nbf"] = now - 120, ["exp"] = now + 300,
        };
    }

    /// <summary>A token of these claims, signed with the first key.</summary>
    public string Token(JsonObject claims, string? algorithm = null) =>
        Keys[0].Sign(Header(algorithm ?? Keys[0].Algorithm, Keys[0].Kid), claims);

    /// <summary>A good token.</summary>
    public string Token(string scope = "users:read", string sub = "ada") => Token(Claims(scope, sub));

    /// <summary>A token for one user and scope <c>self</c>, beside others.</summary>
    public string TokenOf(string userId, string scope = "self")
    {
        var claims = Claims(scope, sub: $"subject of {userId}");
        claims["roster_user"] = userId;
        return Token(claims);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        foreach (var key in Keys)
        {
            key.Dispose();
        }
    }

    private void Map()
    {
        app.MapGet("/.well-known/openid-configuration", (HttpContext http) =>
        {
            Interlocked.Increment(ref asked);
            return Answer(http, new JsonObject { ["issuer"] = SaysIssuer ?? Issuer, ["jwks_uri"] = $"{Issuer}/keys" });
        });
        app.MapGet("/keys", (HttpContext http) => Answer(
            http, new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => (JsonNode)key.Jwk)]) }));
    }

    private Task Answer(HttpContext http, JsonObject document)
    {
        if (IsDown)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(document.ToJsonString());
    }
}
