using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Roster.Client;

/// <summary>A request that can be sent as often as it takes: each attempt is a message of its own, with the same key.</summary>
internal sealed class ApiRequest
{
    private readonly List<KeyValuePair<string, string>> headers = [];
    private readonly HttpMethod method;
    private readonly string path;
    private byte[]? body;
    private string? bodyType;
    private HttpStatusCode? alsoTaken;

    private ApiRequest(HttpMethod method, string path) => (this.method, this.path) = (method, path);

    /// <summary>Whether sending it twice is the same as once.</summary>
    public bool IsRepeatable { get; private init; }

    /// <summary>Whether the answer is read as it comes.</summary>
    public bool IsStreamed { get; private set; }

    public static ApiRequest Read(string path) => new(HttpMethod.Get, path) { IsRepeatable = true };

    /// <summary>A read whose question is in the body.</summary>
    public static ApiRequest Ask(string path) => new(HttpMethod.Post, path) { IsRepeatable = true };

    /// <summary>A change under an idempotency key, which makes it repeatable.</summary>
    public static ApiRequest Write(HttpMethod method, string path, string? key)
    {
        var request = new ApiRequest(method, path) { IsRepeatable = true };
        request.headers.Add(new("Idempotency-Key", key ?? RandomNumberGenerator.GetHexString(32, lowercase: true)));
        return request;
    }

    /// <summary>A change that knows no idempotency key.</summary>
    public static ApiRequest WriteOnce(HttpMethod method, string path) => new(method, path);

    public ApiRequest IfVersion(long? version)
    {
        if (version is { } expected)
        {
            headers.Add(new("If-Match", $"\"{expected}\""));
        }

        return this;
    }

    public ApiRequest With<T>(T value, JsonTypeInfo<T> type, string mediaType = "application/json") =>
        WithBytes(JsonSerializer.SerializeToUtf8Bytes(value, type), mediaType);

    public ApiRequest WithBytes(byte[] bytes, string mediaType)
    {
        (body, bodyType) = (bytes, mediaType);
        return this;
    }

    public ApiRequest Streamed()
    {
        IsStreamed = true;
        return this;
    }

    /// <summary>This status is an answer, too, not a refusal.</summary>
    public ApiRequest Taking(HttpStatusCode status)
    {
        alsoTaken = status;
        return this;
    }

    public bool Takes(HttpResponseMessage response) =>
        response.StatusCode == alsoTaken && response.Content.Headers.ContentType?.MediaType == "application/json";

    public HttpRequestMessage ToMessage()
    {
        // "users:get" alone would be an address with a scheme.
        var message = new HttpRequestMessage(method, new Uri($"./{path.TrimStart('/')}", UriKind.Relative));
        headers.ForEach(header => message.Headers.TryAddWithoutValidation(header.Key, header.Value));
        if (body is not null)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(bodyType!);
        }

        return message;
    }
}
