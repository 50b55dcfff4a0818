using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Roster.Tests.Api.Contract;
using Xunit;

namespace Roster.Tests.Api;

/// <summary>
/// Calls a running server over its socket as any client would, and hands back <see cref="Answer"/>s; each is held against
/// the API's document.
/// </summary>
public sealed class ApiClient : IDisposable
{
    private static int counter;
    private readonly HttpClient http;

    private readonly ApiContract? contract;

    /// <param name="url">The server.</param>
    /// <param name="key">An API key, if any.</param>
    /// <param name="isApi">Whether it is the API that listens there; metrics have a listener of their own.</param>
    public ApiClient(Uri url, string? key, bool isApi = true)
    {
        contract = isApi ? ApiContract.Served : null;
        http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = url };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    /// <summary>For streams, which cannot be read whole; what comes is not held against the document.</summary>
    public HttpClient Http => http;

    /// <summary>An e-mail that no other test uses.</summary>
    public static string NewEmail() => $"user{Interlocked.Increment(ref counter)}@example.com";

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", path, null, headers);

    public Task<Answer> PostAsync(string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, json, headers);

    public Task<Answer> PatchAsync(string path, string? json, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", path, json, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("DELETE", path, null, headers);

    /// <summary>Sends JSON, or no body; a header <c>Content-Type</c> replaces <c>application/json</c>.</summary>
    public Task<Answer> SendAsync(string method, string path, string? json, params (string Name, string Value)[] headers) =>
        SendBytesAsync(method, path, json is null ? null : Encoding.UTF8.GetBytes(json), headers);

    /// <summary>Sends any bytes to any path, exactly as written.</summary>
    public async Task<Answer> SendBytesAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var exact = new Uri($"{http.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new HttpMethod(method), exact);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var answer = await Answer.OfAsync(response);
        contract?.Check(new Exchange(method, path, request.Content?.Headers.TryGetValues("Content-Type", out var type) is true ? type.First() : null, body, answer));
        return answer;
    }

    /// <summary>Signs somebody up with an e-mail of their own.</summary>
    public async Task<Answer> SignUpAsync(string name = "Ada Lovelace", string? email = null, params (string Name, string Value)[] headers)
    {
        var answer = await PostAsync("/users", $$"""{ "name": {{Quote(name)}}, "email": {{Quote(email ?? NewEmail())}} }""", headers);
        return answer.Is(201);
    }

    /// <summary>Publishes a post of a user.</summary>
    public async Task<Answer> PublishAsync(string author, string text = "Hello", params (string Name, string Value)[] headers) =>
        (await PostAsync($"/users/{author}/posts", $$"""{ "text": {{Quote(text)}} }""", headers)).Is(201);

    /// <summary>The items of all pages of a list, by following its links.</summary>
    public async Task<IReadOnlyList<JsonElement>> AllAsync(string path)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null;)
        {
            var page = (await GetAsync(next)).Is(200);
            all.AddRange(page.Items);
            Assert.True(page.Next != next, $"A page links to itself: {next}");
            next = page.Next;
        }

        return all;
    }

    /// <summary>A JSON string.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text);

    public void Dispose() => http.Dispose();
}
