using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Roster.Core.Json;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>The headers that every endpoint understands in the same way.</summary>
internal static class RequestHeaders
{
    public const string ConsistencyToken = "Consistency-Token";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string IdempotencyReplayed = "Idempotency-Replayed";

    /// <summary>What the client must be able to read; <see cref="Core.Storage.ConsistencyToken.None"/> without the header.</summary>
    /// <remarks>The header is looked for first: it costs less than a feature that is not there.</remarks>
    public static ConsistencyToken After(this HttpContext http) =>
        (http.Request.Headers[ConsistencyToken].Count == 0 ? null : http.Features.Get<ConsistencyToken>()) ?? Core.Storage.ConsistencyToken.None;

    /// <summary>Tells the client what it has to send to read this write: what it knew already, and this.</summary>
    public static void Wrote(this HttpContext http, ConsistencyToken written) =>
        http.Response.Headers[ConsistencyToken] = http.After().Covering(written).ToString();

    /// <summary>The request's idempotency key with the hash of what it is used for; null without the header.</summary>
    /// <param name="http">The request.</param>
    /// <param name="body">The JSON body, if the request has one.</param>
    public static IdempotencyKey? Key(this HttpContext http, JsonElement? body = null)
    {
        if (http.RawKey() is not { } key)
        {
            return null;
        }

        var canonical = new ArrayBufferWriter<byte>();
        if (body is { } json && !CanonicalJson.TryWrite(json, canonical, out var problem))
        {
            throw RefusedRequest.Invalid(new ValidationErrors().Add("body", problem));
        }

        return Core.Requests.IdempotencyKey.Of(
            key, http.Request.Method, http.Request.Path.Value!.TrimEnd('/'), canonical.WrittenSpan);
    }

    /// <summary>The request's idempotency key as sent; null without the header.</summary>
    public static string? RawKey(this HttpContext http)
    {
        var header = http.Request.Headers[IdempotencyKey];
        return header.Count == 0 ? null
            : header.ToString() is { Length: >= 1 and <= Core.Requests.IdempotencyKey.MaxLength } key ? key
            : throw RefusedRequest.Malformed($"Idempotency-Key must have 1 to {Core.Requests.IdempotencyKey.MaxLength} characters.");
    }
}
