using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Roster.Tests.Monitoring;

/// <summary>Takes traces as a collector does: OTLP over HTTP, in protobuf.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Span> spans = new();

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/v1/traces", async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            Span.ReadAll(body.ToArray()).ForEach(spans.Enqueue);
            http.Response.StatusCode = 200;
        });
    }

    /// <summary>Where it listens.</summary>
    public string Url => app.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>What came of a trace.</summary>
    public IReadOnlyList<Span> Of(string trace) => [.. spans.Where(span => span.Trace == trace)];

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
