using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Roster.Api.Realtime;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;

namespace Roster.Api.GraphQL;

/// <summary>
/// A subscription as Server-Sent Events, distinct connections mode: <c>next</c> for each result, <c>complete</c> in the end. One
/// result is written before the next is made, so a slow client is held back by the feed, which bounds what waits.
/// </summary>
/// <param name="stream">What happens.</param>
/// <param name="tell">Runs the operation for a user that changed.</param>
internal sealed class SubscriptionAnswer(EventStream stream, Func<UserId, Task<ExecutionResult>> tell) : IResult
{
    private static readonly GraphQLSerializer Serializer = new();

    public static bool IsAccepted(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var types)
        && types.Any(type => type.MediaType.Equals(EventStreamHead.MediaType, StringComparison.OrdinalIgnoreCase));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var closing = stream;
        EventStreamHead.Set(httpContext);
        var output = httpContext.Response.BodyWriter;
        using var leaving = httpContext.RequestAborted.Register(stream.Leave);
        await foreach (var delivery in stream.ReadAsync(httpContext.RequestAborted))
        {
            if (delivery.Event.IsEmpty)
            {
                output.Write(":\n\n"u8);
            }
            else
            {
                await WriteAsync(output, await tell(UserOf(delivery.Event)));
            }

            await FlushAsync(output);
        }

        output.Write("event: complete\ndata:\n\n"u8);
        await FlushAsync(output);
    }

    private static async Task WriteAsync(PipeWriter output, ExecutionResult result)
    {
        using var json = new MemoryStream();
        await Serializer.WriteAsync(json, result, CancellationToken.None);
        output.Write("event: next\ndata: "u8);
        output.Write(json.GetBuffer().AsSpan(0, (int)json.Length));
        output.Write("\n\n"u8);
    }

    /// <summary>Whose event it is, out of the frame that all streams of the node share (<see cref="Realtime.EventFrames"/>).</summary>
    private static UserId UserOf(ReadOnlyMemory<byte> frame)
    {
        var json = frame[(frame.Span.IndexOf("data: "u8) + "data: ".Length)..];
        using var document = JsonDocument.Parse(json);
        return new UserId(document.RootElement.GetProperty("subject").GetGuid());
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        stream.Waits(begins: true);
        var flushed = await output.FlushAsync(CancellationToken.None);
        stream.Waits(begins: false);
        if (flushed.IsCompleted)
        {
            stream.Leave();
        }
    }
}
