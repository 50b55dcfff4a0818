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
    public static ConsistencyToken After(this HttpContext http) =>
        http.Features.Get<ConsistencyToken>() ?? Core.Storage.ConsistencyToken.None;

    /// <summary>Tells the client what it has to send to read this write: what it knew already, and this.</summary>
    public static void Wrote(this HttpContext http, ConsistencyToken written) =>
        http.Response.Headers[ConsistencyToken] = http.After().Covering(written).ToString();

    /// <summary>The request's idempotency key with the hash of what it is used for; null without the header.</summary>
    /// <param name="http">The request.</param>
    /// <param name="body">The JSON body, if the request has one.</param>
    public static IdempotencyKey? Key(this HttpContext http, JsonElement? body = null)
    {
        var header = http.Request.Headers[IdempotencyKey];
        if (header.Count == 0)
        {
            return null;
        }

        var key = header.ToString();
        if (key.Length is 0 or > Core.Requests.IdempotencyKey.MaxLength)
        {
            throw RefusedRequest.Malformed($"Idempotency-Key must have 1 to {Core.Requests.IdempotencyKey.MaxLength} characters.");
        }

        var canonical = new ArrayBufferWriter<byte>();
        if (body is { } json && !CanonicalJson.TryWrite(json, canonical, out var problem))
        {
            throw RefusedRequest.Invalid(new ValidationErrors().Add("body", problem));
        }

        return Core.Requests.IdempotencyKey.Of(
            key, http.Request.Method, http.Request.Path.Value!.TrimEnd('/'), canonical.WrittenSpan);
    }
}
