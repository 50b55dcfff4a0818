using System.Net.Sockets;
using System.Text.Json;
using Roster.Cli.Remote;

namespace Roster.Cli.Doctor;

/// <summary>What answers at an address.</summary>
internal static class Readiness
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Asks for <c>/readyz</c>; null when nothing listens there.</summary>
    /// <param name="server">The address.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public static async ValueTask<Finding?> AskAsync(Uri server, CancellationToken cancellation)
    {
        var name = server.GetLeftPart(UriPartial.Authority);
        using var client = new ServerAddress(server, Key: null).Connect();
        client.Timeout = Patience;
        client.MaxResponseContentBufferSize = MaxBytes;
        try
        {
            using var answer = await client.GetAsync("readyz", cancellation);
            return Read(name, await answer.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return null;
        }
        catch (HttpRequestException e)
        {
            return Finding.Wrong($"{name} does not answer as a Roster: {Answers.Cause(e)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Wrong($"{name} did not answer in {Patience.TotalSeconds:0} s: look at its log.");
        }
    }

    private static Finding Read(string name, byte[] body)
    {
        try
        {
            using var health = JsonDocument.Parse(body);
            var word = health.RootElement.GetProperty("status").GetString();
            var problems = string.Join(" ", health.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
            return word == "ok" ? Finding.Ok($"{name} is answered by a Roster that is ready.") : Finding.Wrong($"The Roster at {name} is {word}: {problems}");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Finding.Wrong($"{name} is answered by something that is no Roster: stop that, or listen elsewhere (--urls).");
        }
    }
}
