using System.Globalization;
using System.Net;

namespace Roster.Client;

/// <content>Keys, parked events, health, metrics, documents.</content>
public sealed partial class RosterClient
{
    /// <summary>Makes an API key; its secret is never to be had again. Not repeated when the answer is lost.</summary>
    public Task<Key> CreateKeyAsync(NewKey key, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.WriteOnce(HttpMethod.Post, "/keys").With(key, RosterJson.Default.NewKey), RosterJson.Default.Key, cancellation);

    /// <summary>All keys that were not revoked, oldest first.</summary>
    public async Task<IReadOnlyList<Key>> ListKeysAsync(CancellationToken cancellation = default) =>
        await SendAsync(ApiRequest.Read("/keys"), RosterJson.Default.KeyArray, cancellation);

    /// <summary>Revokes a key for good. Not repeated when the answer is lost: the second would be 404.</summary>
    public Task RevokeKeyAsync(string id, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.WriteOnce(HttpMethod.Delete, $"/keys/{Uri.EscapeDataString(id)}"), cancellation);

    /// <summary>Events that consumers could not handle, and those that wait for them.</summary>
    /// <param name="consumer">Only this one's; null for all.</param>
    /// <param name="pageSize">1 to 500; a page is one request.</param>
    /// <param name="cancellation">Stops it.</param>
    public IAsyncEnumerable<ParkedEvent> ListParkedEventsAsync(string? consumer = null, int pageSize = 50, CancellationToken cancellation = default) =>
        PagesAsync(
            "/events/parked" + Query(("consumer", consumer), ("limit", pageSize.ToString(CultureInfo.InvariantCulture))),
            RosterJson.Default.ParkedEventArray,
            cancellation);

    /// <summary>Has a consumer's parked events tried again, a user's or everybody's; it may be repeated.</summary>
    public Task<RetriedUsers> RetryParkedEventsAsync(ParkedRetry which, CancellationToken cancellation = default) => SendAsync(
        ApiRequest.Ask("/events/parked/retry").With(which, RosterJson.Default.ParkedRetry), RosterJson.Default.RetriedUsers, cancellation);

    /// <summary>Whether the process is alive.</summary>
    public Task<Health> GetLivenessAsync(CancellationToken cancellation = default) => HealthAsync("/livez", cancellation);

    /// <summary>Whether this node should get requests; 503 is an answer here.</summary>
    public Task<Health> GetReadinessAsync(CancellationToken cancellation = default) => HealthAsync("/readyz", cancellation);

    /// <summary>The same as readiness.</summary>
    public Task<Health> GetHealthAsync(CancellationToken cancellation = default) => HealthAsync("/healthz", cancellation);

    /// <summary>The metrics as Prometheus text.</summary>
    public Task<string> GetMetricsAsync(CancellationToken cancellation = default) => TextAsync("/metrics", cancellation);

    /// <summary>The API's OpenAPI document.</summary>
    public Task<string> GetOpenApiAsync(CancellationToken cancellation = default) => TextAsync("/openapi/v1.json", cancellation);

    /// <summary>The JSON Schema of an event.</summary>
    /// <param name="name">The event's type, such as <c>roster.user.signedUp.v1</c>.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<string> GetSchemaAsync(string name, CancellationToken cancellation = default) =>
        TextAsync($"/schemas/{Uri.EscapeDataString(name)}", cancellation);

    private Task<Health> HealthAsync(string path, CancellationToken cancellation) =>
        SendAsync(ApiRequest.Read(path).Taking(HttpStatusCode.ServiceUnavailable), RosterJson.Default.Health, cancellation);

    private async Task<string> TextAsync(string path, CancellationToken cancellation)
    {
        using var response = await sender.SendAsync(ApiRequest.Read(path), cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }
}
