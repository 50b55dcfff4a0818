using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Roster.Client;

/// <summary>Sends chunks, each until every user of it is answered, or nothing was for as long as patience lasts.</summary>
internal sealed class Import(Sender sender, bool sendMail)
{
    private readonly string path = "/users/import" + (sendMail ? "?sendMail=true" : string.Empty);

    public async IAsyncEnumerable<ImportedLine> SendAsync(ImportChunk chunk, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var time = sender.Options.Time;
        var (answered, since) = (0, time.GetTimestamp());
        while (answered < chunk.Count)
        {
            var from = answered;
            Exception? failure = null;
            await using (var lines = RequestAsync(chunk, from, cancellation).GetAsyncEnumerator(cancellation))
            {
                while (failure is null)
                {
                    try
                    {
                        if (!await lines.MoveNextAsync())
                        {
                            break;
                        }
                    }
                    catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
                    {
                        failure = e;
                        break;
                    }

                    answered++;
                    yield return lines.Current;
                }
            }

            since = answered > from ? time.GetTimestamp() : since;
            if (failure is not null)
            {
                if (time.GetElapsedTime(since) > sender.Options.Patience)
                {
                    throw failure;
                }

                await Task.Delay(sender.Options.FirstPause, time, cancellation);
            }
        }
    }

    private async IAsyncEnumerable<ImportedLine> RequestAsync(ImportChunk chunk, int from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = ApiRequest.Ask(path).WithBytes(chunk.BodyFrom(from), "application/x-ndjson").Streamed();
        using var response = await sender.SendAsync(request, cancellation);
        var number = from;
        await foreach (var line in ResponseLines.ReadAsync(response, sender.Options.AttemptTimeout, cancellation))
        {
            if (number == chunk.Count)
            {
                var end = JsonSerializer.Deserialize(line.Span, RosterJson.Default.ImportEnd)!;
                sender.Tokens.Replace([], end.ConsistencyToken);
                yield break;
            }

            yield return Answer(line.Span) with { Line = chunk.Before + ++number };
        }

        throw new HttpIOException(HttpRequestError.ResponseEnded, "The import's answer broke off.");
    }

    private static ImportedLine Answer(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        return reader.Read() && reader.Read() && reader.ValueTextEquals("done"u8)
            ? throw new HttpIOException(HttpRequestError.ResponseEnded, JsonSerializer.Deserialize(line, RosterJson.Default.ImportEnd)!.Error)
            : JsonSerializer.Deserialize(line, RosterJson.Default.ImportedLine)!;
    }
}
