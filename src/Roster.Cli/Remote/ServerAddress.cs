using System.Net.Http.Headers;
using Roster.Client;

namespace Roster.Cli.Remote;

/// <summary>A server, and the key to call it with.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Key">An API key; null to call without one.</param>
public sealed record ServerAddress(Uri Url, string? Key)
{
    /// <summary>A typed client of it.</summary>
    public RosterClient Open(RosterClientOptions options) => new(Connect(), Url, Key, options);

    /// <summary>A client whose requests may take as long as they take.</summary>
    public HttpClient Connect()
    {
        var handler = new BrokenConnections(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false });
        var client = new HttpClient(handler) { BaseAddress = new Uri(Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = Key is null ? null : new AuthenticationHeaderValue("Bearer", Key);
        return client;
    }
}
