using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Roster.Client;

/// <summary>
/// Roster's API, a method per operation of its OpenAPI document. Writes carry an idempotency key, so they are repeated
/// safely when an answer is lost; reads see what this client has written. Safe to use from many threads; keep one.
/// </summary>
/// <remarks>
/// Every method throws <see cref="RosterException"/> for what the server refuses, <see cref="HttpRequestException"/> when it
/// cannot be reached, and <see cref="TimeoutException"/> when it does not answer; the latter two, 429 and 503 only after
/// <see cref="RosterClientOptions.Patience"/>.
/// </remarks>
public sealed partial class RosterClient : IDisposable
{
    private const string MergePatch = "application/merge-patch+json";

    private readonly HttpClient http;
    private readonly Sender sender;

    /// <summary>A client of one server.</summary>
    /// <param name="server">Its address, such as <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="key">An API key or a JWT; null to call without one.</param>
    /// <param name="options">How it behaves when something fails.</param>
    public RosterClient(Uri server, string? key, RosterClientOptions? options = null)
        : this(new HttpClient(new BrokenConnections(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseCookies = false })), server, key, options)
    {
    }

    /// <summary>A client on a handler of the application's own.</summary>
    /// <param name="http">
    /// Disposed with this client; its address, key and timeout are set here. Its requests should go through <see cref="BrokenConnections"/>.
    /// </param>
    /// <param name="server">The server's address.</param>
    /// <param name="key">An API key or a JWT; null to call without one.</param>
    /// <param name="options">How it behaves when something fails.</param>
    public RosterClient(HttpClient http, Uri server, string? key, RosterClientOptions? options = null)
    {
        this.http = http;
        http.BaseAddress = new Uri(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        sender = new Sender(http, options ?? new RosterClientOptions());
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task SendAsync(ApiRequest request, CancellationToken cancellation) =>
        (await sender.SendAsync(request, cancellation)).Dispose();

    private async Task<T> SendAsync<T>(ApiRequest request, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await sender.SendAsync(request, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellation), type)
        ?? throw new JsonException("The server answered null.");

    /// <summary>All items of all pages, a page at a time.</summary>
    private async IAsyncEnumerable<T> PagesAsync<T>(
        string first, JsonTypeInfo<T[]> type, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var path = first; path is not null;)
        {
            T[] page;
            using (var response = await sender.SendAsync(ApiRequest.Read(path), cancellation))
            {
                page = await ReadAsync(response, type, cancellation);
                path = NextOf(response);
            }

            foreach (var item in page)
            {
                yield return item;
            }
        }
    }

    // RFC 8288, as far as this server goes: <path>; rel="next".
    private static string? NextOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links)
        && links.First() is var link && link.EndsWith(">; rel=\"next\"", StringComparison.Ordinal)
            ? link[1..link.IndexOf('>', StringComparison.Ordinal)]
            : null;

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = string.Empty;
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
            }
        }

        return query;
    }
}
