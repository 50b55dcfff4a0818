using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Roster.Tests.Api.Contract;

namespace Roster.Tests.Client;

/// <summary>
/// Answers every request with the examples of the OpenAPI document, after it has checked the request against it: the
/// method, the path, the media type, the body, the parameters.
/// </summary>
internal sealed class ExampleHandler : HttpMessageHandler
{
    private static readonly JsonElement Root = ApiDocument.Served.Root;
    private static readonly JsonSchema Schema = new(Root, closed: false);

    /// <summary>The operations that were called, in their order.</summary>
    public List<string> Called { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (item, operation) = Find(request);
        Called.Add(operation.GetProperty("operationId").GetString()!);
        if (operation.TryGetProperty("requestBody", out var body))
        {
            var content = body.GetProperty("content").GetProperty(request.Content!.Headers.ContentType!.MediaType!);
            var sent = JsonElement.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken));
            Require(Schema.Check(content.GetProperty("schema"), sent).Count == 0, $"the body {sent}");
        }
        else
        {
            Require(request.Content is null, "a body");
        }

        var allowed = (string[])[.. Names(operation), .. Names(item)];
        var used = request.RequestUri!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0])
            .Concat(request.Headers.Select(header => header.Key)).Except(["Authorization"]);
        Require(used.All(allowed.Contains), $"one of {string.Join(", ", used)}");
        return Answer(operation.GetProperty("responses").EnumerateObject().First());
    }

    private static (JsonElement Item, JsonElement Operation) Find(HttpRequestMessage request)
    {
        var segments = request.RequestUri!.AbsolutePath[1..].Split('/');
        var item = Root.GetProperty("paths").EnumerateObject().First(path => path.Name[1..].Split('/') is var known
            && known.Length == segments.Length && known.Zip(segments).All(pair => pair.First[0] == '{' || pair.First == pair.Second)).Value;
        return (item, item.GetProperty(request.Method.Method.ToLowerInvariant()));
    }

    private static IEnumerable<string> Names(JsonElement holder) => holder.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(parameter => Schema.Resolve(parameter).GetProperty("name").GetString()!) : [];

    private static HttpResponseMessage Answer(JsonProperty response)
    {
        var answer = new HttpResponseMessage((HttpStatusCode)int.Parse(response.Name));
        if (response.Value.TryGetProperty("content", out var content))
        {
            var schema = content.GetProperty("application/json").GetProperty("schema");
            var isArray = schema.TryGetProperty("items", out var items);
            var example = Schema.Resolve(isArray ? items : schema).GetProperty("examples")[0];
            answer.Content = new StringContent(isArray ? $"[{example}]" : example.ToString(), new MediaTypeHeaderValue("application/json"));
        }

        return answer;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"The document does not have {what}.");
        }
    }
}
