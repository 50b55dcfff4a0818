using System.CommandLine;
using Roster.Cli.Remote;

namespace Roster.Cli.Verbs;

/// <summary>
/// <c>roster health</c>: whether a server is ready, as an exit code. Containers ask it of themselves: their images have no
/// other program that could. It reads no settings and opens no store, so it costs what an HTTP request costs.
/// </summary>
internal static class HealthVerb
{
    /// <summary>Longer than a server takes to find out that no shard answers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private static readonly Option<bool> Live = new("--live") { Description = "Only whether the process answers (/livez instead of /readyz)" };

    public static Command Create()
    {
        var verb = new Command("health", "Asks a server whether it is ready; exit code 1 when it is not") { ServerOptions.Url, Live };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var server = ServerOptions.UrlOf(parsed.GetValue(ServerOptions.Url)!);
            Console.WriteLine(await AskAsync(server, parsed.GetValue(Live) ? "livez" : "readyz", cancellation));
            return 0;
        });
        return verb;
    }

    /// <summary>What it says of itself: <c>ok</c> or <c>degraded</c>, and why. It decides by its status, as for everybody who asks.</summary>
    private static async Task<string> AskAsync(Uri server, string path, CancellationToken cancellation)
    {
        using var client = new ServerAddress(server, Key: null).Connect();
        client.Timeout = Patience;
        client.MaxResponseContentBufferSize = 64 * 1024;
        try
        {
            using var answer = await client.GetAsync(path, cancellation);
            var said = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode ? said : throw new VerbException($"{Name(server)} answered {(int)answer.StatusCode}: {said}");
        }
        catch (HttpRequestException e)
        {
            throw Answers.Unreachable(server, e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new VerbException($"{Name(server)} did not answer in {Patience.TotalSeconds:0} s.", inner: e);
        }
    }

    private static string Name(Uri server) => server.GetLeftPart(UriPartial.Authority);
}
