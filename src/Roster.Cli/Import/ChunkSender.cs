using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Roster.Api.Users.Import;
using Roster.Cli.Remote;

namespace Roster.Cli.Import;

/// <summary>
/// Sends chunks and does not let go: after a failure it goes on behind the last line that was answered. Gives up when
/// nothing was answered for <see cref="Patience"/>.
/// </summary>
internal sealed class ChunkSender(HttpClient client, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long failures may follow each other without a line being answered.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The wait before the first request that follows a failure; it doubles with each.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a server may say nothing at all.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told when a request failed and another follows.</summary>
    public Action<string>? Retrying { get; init; }

    /// <summary>The answers to a chunk's sent lines, one each, in their order.</summary>
    /// <exception cref="VerbException">The server refuses, or stays away.</exception>
    public async IAsyncEnumerable<LineAnswer> SendAsync(ImportChunk chunk, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var answered = 0;
        var pause = FirstPause;
        var since = time.GetTimestamp();
        while (answered < chunk.Sendable)
        {
            var from = answered;
            string? failure = null;
            await using (var answers = RequestAsync(chunk, from, cancellation).GetAsyncEnumerator(cancellation))
            {
                while (true)
                {
                    try
                    {
                        if (!await answers.MoveNextAsync())
                        {
                            break;
                        }
                    }
                    catch (Exception e) when (IsPassing(e) && !cancellation.IsCancellationRequested)
                    {
                        failure = Answers.Cause(e);
                        break;
                    }

                    answered++;
                    yield return answers.Current;
                }
            }

            if (answered > from)
            {
                (pause, since) = (FirstPause, time.GetTimestamp());
            }

            if (answered < chunk.Sendable)
            {
                pause = await WaitAsync(failure!, pause, since, cancellation);
            }
        }
    }

    private async IAsyncEnumerable<LineAnswer> RequestAsync(
        ImportChunk chunk, int from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        using var content = new ReadOnlyMemoryContent(chunk.BodyFrom(from));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var message = new HttpRequestMessage(HttpMethod.Post, "users/import") { Content = content };
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token);
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout)
        {
            throw new HttpRequestException(await Answers.SentenceOfAsync(response, silence.Token));
        }

        await Answers.EnsureOkAsync(response, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
        var lines = new LineReader(body);
        for (var expected = 1; await lines.ReadAsync(silence.Token); expected++)
        {
            if (!lines.IsEnded)
            {
                break;
            }

            var answer = LineAnswer.Parse(lines.Record);
            if (answer.Done is { } done)
            {
                CheckEnd(done && from + expected - 1 == chunk.Sendable, answer.Failure);
                yield break;
            }

            if (answer.Line != expected || from + expected > chunk.Sendable)
            {
                throw LineAnswer.NotOurs();
            }

            silence.CancelAfter(Silence);
            yield return answer;
        }

        throw new HttpRequestException("The answer broke off.");
    }

    private static void CheckEnd(bool complete, string? failure)
    {
        if (!complete)
        {
            throw new HttpRequestException(failure ?? "The server ended the import before its last line.");
        }
    }

    private async ValueTask<TimeSpan> WaitAsync(string failure, TimeSpan pause, long since, CancellationToken cancellation)
    {
        if (time.GetElapsedTime(since) + pause > Patience)
        {
            throw new VerbException($"Gave up after {Patience.TotalSeconds:0.##} s without an answer: {failure}");
        }

        Retrying?.Invoke(failure);
        await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), time, cancellation);
        return pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    private static bool IsPassing(Exception e) => e is HttpRequestException or IOException or OperationCanceledException;
}
