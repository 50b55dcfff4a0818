using Xunit;

namespace Roster.Tests.Api.Auth;

/// <summary>A server with an identity provider beside it, for a class of tests.</summary>
public sealed class BelievingServer : IAsyncLifetime
{
    public IdentityProvider Issuer { get; private set; } = null!;

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Issuer = await IdentityProvider.StartAsync();
        Server = await Issuer.BelievedAsync();
    }

    /// <summary>Sends a token with a request that needs scope <c>users:read</c>.</summary>
    public async Task<Answer> AskAsync(string token)
    {
        using var client = Server.With(token);
        return await client.GetAsync("/users");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
