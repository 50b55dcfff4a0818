using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Keys;

namespace Roster.Cli.Workers;

/// <summary>
/// What a spare does before it stands by: it serves itself, on a port of loopback that is closed again, so that .NET has
/// compiled what requests run through and the pools have connections. Nothing is written, counted or logged, and no work
/// in the background begins. The key is one that only this rehearsal knows.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Shards that are away are no reason to have no spare.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The second round finds what the first one has made.</summary>
    private const int Rounds = 2;

    /// <summary>Plays a server with these settings; one that cannot be played has a spare that is slower.</summary>
    /// <param name="settings">Of the spare.</param>
    /// <param name="storage">Its own, open.</param>
    /// <param name="cancellation">Ends it early, with an exception.</param>
    public static async Task RunAsync(RosterSettings settings, OpenedStorage storage, CancellationToken cancellation)
    {
        var key = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        try
        {
            await using var app = Server.BuildRehearsal(WebApplication.CreateSlimBuilder(), Alone(settings, key), storage);
            await app.StartAsync(deadline.Token);
            var port = new Uri(app.Urls.First()).Port;
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var request in Requests(key))
                {
                    await AskAsync(port, request, deadline.Token);
                }
            }

            await app.StopAsync(deadline.Token);
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It is the first requests of its own that it is slower with.
        }
    }

    private static RosterSettings Alone(RosterSettings settings, string key) => settings with
    {
        Urls = ["http://127.0.0.1:0"],
        MetricsUrls = [],
        Auth = settings.Auth with { AdminKeyHash = KeyToken.HashOf(key) },
        RateLimit = null,
        Telemetry = null,
    };

    /// <summary>Health, somebody unknown, no such path, reads of all shards and of one, and a body that is refused.</summary>
    private static IEnumerable<string> Requests(string key)
    {
        var known = $"Authorization: Bearer {key}\r\n";
        yield return Request("GET", "/readyz");
        yield return Request("GET", "/users");
        yield return Request("GET", "/nowhere", known);
        yield return Request("GET", "/users?limit=1", known);
        yield return Request("GET", $"/users/{Guid.Empty}", known);
        yield return Request("POST", "/users", known, """{"name":"","email":""}""");
    }

    private static string Request(string method, string path, string headers = "", string body = "") =>
        $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";

    private static async Task AskAsync(int port, string request, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellation);
        await client.Client.SendAsync(Encoding.ASCII.GetBytes(request), cancellation);
        await client.GetStream().CopyToAsync(Stream.Null, cancellation);
    }
}
