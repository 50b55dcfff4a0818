using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Roster.Cli.Remote;

namespace Roster.Cli.Keys;

/// <summary>Keys over HTTP, from a server that runs.</summary>
internal sealed class RemoteKeys(ServerAddress server) : IKeyRegistry
{
    private const string Path = "keys";

    public async Task<string> CreateAsync(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["name"] = name,
            ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]),
        };
        if (expiresAt is { } end)
        {
            request["expiresAt"] = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        using var body = new StringContent(request.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, Path) { Content = body };
        using var key = await SendAsync(message, cancellation);
        return key!.RootElement.GetProperty("secret").GetString()!;
    }

    public async Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Path);
        using var keys = await SendAsync(message, cancellation);
        return [.. keys!.RootElement.EnumerateArray().Select(key => new ListedKey(
            key.GetProperty("id").GetString()!,
            key.GetProperty("name").GetString()!,
            [.. key.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!)],
            key.TryGetProperty("expiresAt", out var at) ? at.GetString() : null))];
    }

    public async Task RevokeAsync(string id, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(HttpMethod.Delete, $"{Path}/{Uri.EscapeDataString(id)}");
        using var nothing = await SendAsync(message, cancellation);
    }

    public ValueTask DisposeAsync() => default;

    private async Task<JsonDocument?> SendAsync(HttpRequestMessage message, CancellationToken cancellation)
    {
        using var client = server.Connect();
        try
        {
            using var response = await client.SendAsync(message, cancellation);
            await Answers.EnsureOkAsync(response, cancellation);
            return response.StatusCode == HttpStatusCode.NoContent
                ? null
                : JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException e)
        {
            throw Answers.Unreachable(server.Url, e);
        }
    }
}
