using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Roster.Api.Http;

/// <summary>Reads a request's JSON object; whatever is not one ends the request with 400, 413 or 415.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>The object; disposed when the response is done.</summary>
    /// <param name="http">The request.</param>
    /// <param name="mediaTypes">What the endpoint takes; a request that names no type is taken at its word.</param>
    public static async ValueTask<JsonElement> ReadAsync(HttpContext http, params string[] mediaTypes)
    {
        CheckType(http, mediaTypes);
        try
        {
            var document = await JsonDocument.ParseAsync(http.Request.Body, Options, http.RequestAborted);
            http.Response.RegisterForDispose(document);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? throw RefusedRequest.Malformed("The body must be a JSON object.")
                : Utf8.IsValid(JsonMarshal.GetRawUtf8Value(document.RootElement))
                ? document.RootElement
                : throw RefusedRequest.Malformed("The body is not valid UTF-8.");
        }
        catch (JsonException e)
        {
            throw RefusedRequest.Malformed($"The body is not valid JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw RefusedRequest.Unreadable();
        }
    }

    private static void CheckType(HttpContext http, string[] mediaTypes)
    {
        if (http.Request.ContentType is not { } sent)
        {
            return;
        }

        if (!MediaTypeHeaderValue.TryParse(sent, out var type)
            || !mediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            || (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                && !type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)))
        {
            throw new RefusedRequest(415, ProblemTypes.Http, $"Content-Type must be {string.Join(" or ", mediaTypes)}, in UTF-8.");
        }
    }
}
