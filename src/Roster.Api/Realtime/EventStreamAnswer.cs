using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Roster.Api.Http;
using Roster.Core.Events.Feed;

namespace Roster.Api.Realtime;

/// <summary>
/// A stream as an answer that ends with it. What is ready is sent together. A client that takes nothing in holds up only
/// itself: the feed bounds what waits for it, and cuts it off.
/// </summary>
internal sealed class EventStreamAnswer(EventStream stream) : IResult
{
    private const int FlushAt = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var closing = stream;
        EventStreamHead.Set(httpContext);
        if (httpContext.Features.Get<HeadRequest>() is not null)
        {
            return;
        }

        var output = httpContext.Response.BodyWriter;
        using var leaving = httpContext.RequestAborted.Register(stream.Leave);
        EventFrames.WriteRetry(output);
        await SendAsync(output, httpContext.RequestAborted);
    }

    private async Task SendAsync(PipeWriter output, CancellationToken gone)
    {
        await using var deliveries = stream.ReadAsync(gone).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            var next = deliveries.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await FlushAsync(output);
            }

            if (!await next)
            {
                await FlushAsync(output);
                return;
            }

            EventFrames.Write(output, deliveries.Current);
            if (output.UnflushedBytes >= FlushAt)
            {
                await FlushAsync(output);
            }
        }
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        var flushing = output.FlushAsync(CancellationToken.None);
        if (!flushing.IsCompleted)
        {
            stream.Waits(begins: true);
        }

        var flushed = await flushing;
        stream.Waits(begins: false);
        if (flushed.IsCompleted)
        {
            stream.Leave();
        }
    }
}
