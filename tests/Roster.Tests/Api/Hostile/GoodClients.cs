using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>Others, who use a server as they should while somebody attacks it, and must not notice.</summary>
internal sealed class GoodClients
{
    private const int Clients = 2;
    private readonly Task<int>[] clients;
    private volatile bool stopping;

    private GoodClients(RunningServer server) =>
        clients = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(() => WorkAsync(server)))];

    public static GoodClients Of(RunningServer server) => new(server);

    /// <summary>Asserts that each was served, again and again, to the last request.</summary>
    public async Task WereServedAsync()
    {
        stopping = true;
        var served = await Task.WhenAll(clients).WaitAsync(HostileConnection.Patience);
        Assert.All(served, requests => Assert.True(requests > 0));
    }

    private async Task<int> WorkAsync(RunningServer server)
    {
        var served = 0;
        do
        {
            var user = await server.Admin.SignUpAsync();
            (await server.Admin.GetAsync($"/users/{user.Id}")).Is(200);
            served++;

            // Beside an attack, not an attack itself.
            await Task.Delay(10);
        }
        while (!stopping);
        return served;
    }
}
