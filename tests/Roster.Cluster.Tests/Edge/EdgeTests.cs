using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Roster.Cluster.Tests.Edge;

/// <summary>A real node behind a real nginx.</summary>
public sealed class EdgeTests(EdgeCluster edge) : IClassFixture<EdgeCluster>
{
    private static readonly Uri Nobody = new("/users/00000000-0000-0000-0000-000000000001", UriKind.Relative);

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    [Fact]
    public async Task The_node_and_the_client_know_a_request_by_one_id()
    {
        using var http = edge.Connect();
        using var answer = await http.GetAsync(Nobody);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(Assert.Single(answer.Headers.GetValues("X-Request-Id")), await TraceAsync(answer));

        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var request = new HttpRequestMessage(HttpMethod.Get, Nobody);
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Headers.Add("X-Request-Id", "mine-1");
        using var traced = await http.SendAsync(request);
        Assert.Equal("mine-1", Assert.Single(traced.Headers.GetValues("X-Request-Id")));
        Assert.Equal(trace, await TraceAsync(traced));
    }

    [Fact]
    public async Task An_event_passes_while_the_stream_goes_on()
    {
        using var http = edge.Connect();
        using var stream = await http.GetAsync(new Uri("/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.StartsWith("retry: ", await lines.ReadLineAsync(), StringComparison.Ordinal);
        using var created = await http.PostAsJsonAsync("/users", new { name = "Grace", email = "grace@example.com" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);

        // The next heartbeat would push out whatever was held back.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        string? line;
        do
        {
            line = await lines.ReadLineAsync(soon.Token);
            Assert.NotNull(line);
        }
        while (!line.Contains("grace@example.com", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/METRICS/")]
    [InlineData("//metrics")]
    [InlineData("/%6Detrics")]
    [InlineData("/users/../metrics")]
    public async Task Nobody_outside_sees_the_metrics(string path)
    {
        using var http = edge.Connect();
        using var answer = await http.GetAsync(new Uri($"{edge.Nginx.Address.GetLeftPart(UriPartial.Authority)}{path}", AsWritten));
        await IsProblemAsync(answer, HttpStatusCode.NotFound);
        Assert.Equal("nginx", answer.Headers.Server.ToString());
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_problem_but_an_import_may_be_large()
    {
        using var http = edge.Connect();
        using var large = await http.PostAsync(new Uri("/users", UriKind.Relative), new ByteArrayContent(new byte[(1 << 20) + 1]));
        await IsProblemAsync(large, HttpStatusCode.RequestEntityTooLarge);

        var line = JsonSerializer.Serialize(new { name = "Ada", email = "ada@example.com", attributes = new { text = new string('x', 10_000) } });
        using var lines = new StringContent(string.Concat(Enumerable.Repeat(line + "\n", 200)));
        lines.Headers.ContentType = new("application/x-ndjson");
        using var imported = await http.PostAsync(new Uri("/users/import", UriKind.Relative), lines);
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        Assert.Contains("\"done\":true", await imported.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    internal static async Task IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("type").GetString()!);
        Assert.Equal(32, problem.RootElement.GetProperty("traceId").GetString()!.Length);
    }

    private static async Task<string?> TraceAsync(HttpResponseMessage answer)
    {
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("traceId").GetString();
    }
}
