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
        Server = await RunningServer.StartAsync(Issuer.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
