using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace Roster.Cluster.Tests.Containers;

/// <summary>A server in a container, as callers see it.</summary>
internal sealed class ContainedServer : IDisposable
{
    /// <summary>The administrator's key that containers are given.</summary>
    public const string Key = "only-for-this-test-0123456789";

    private readonly HttpClient http;

    public ContainedServer(int port)
    {
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    /// <summary>Waits for the first 200 of <c>/readyz</c>.</summary>
    public async Task ReadyAsync()
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(50);
        }

        Assert.Fail("The server in the container was not ready in 60 s.");
    }

    /// <summary>Signs somebody up; returns the path of the user.</summary>
    public async Task<Uri> SignUpAsync(string email)
    {
        using var body = new StringContent($$"""{"name":"Ada","email":"{{email}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/users", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!;
    }

    /// <summary>Reads a path.</summary>
    public async Task<string> ReadAsync(Uri path) => await http.GetStringAsync(path);

    public void Dispose() => http.Dispose();
}
