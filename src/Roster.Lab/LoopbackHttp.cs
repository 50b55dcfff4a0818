using System.Net;
using System.Net.Sockets;

namespace Roster.Lab;

/// <summary>Questions to servers of the lab over HTTP.</summary>
internal static class LoopbackHttp
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Whether it answers 200. What does not listen yet, or hangs, does not.</summary>
    public static async Task<bool> IsOkAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var answer = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>What it answers; null when it does not.</summary>
    public static async Task<string?> GetAsync(Uri address)
    {
        try
        {
            return await Http.GetStringAsync(address);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }
}
