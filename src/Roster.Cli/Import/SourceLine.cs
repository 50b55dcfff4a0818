using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Roster.Api.Users.Import;

namespace Roster.Cli.Import;

/// <summary>One record of a file, ready to be sent.</summary>
/// <param name="Number">The line of the file that it begins on.</param>
/// <param name="Json">The JSON object as UTF-8, valid until the next one; empty when there is a problem.</param>
/// <param name="Problem">Why it cannot be sent; null when it can.</param>
internal readonly record struct SourceLine(long Number, ReadOnlyMemory<byte> Json, string? Problem)
{
    /// <summary>All records of an input.</summary>
    /// <exception cref="VerbException">A CSV file has no usable header.</exception>
    public static IAsyncEnumerable<SourceLine> ReadAsync(PipeReader input, FileFormat format, CancellationToken cancellation) =>
        format == FileFormat.Csv ? OfCsv(input.AsStream(), cancellation) : OfNdjson(input.AsStream(), cancellation);

    private static async IAsyncEnumerable<SourceLine> OfNdjson(Stream input, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new LineReader(input);
        while (await reader.ReadAsync(cancellation))
        {
            yield return new SourceLine(reader.Number, reader.Record, reader.Problem);
        }
    }

    private static async IAsyncEnumerable<SourceLine> OfCsv(Stream input, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = new CsvReader(input);
        var (header, broken) = await CsvHeader.ReadAsync(reader, cancellation);
        if (header is null)
        {
            throw new VerbException(broken!);
        }

        var fields = new List<string>();
        using var json = new MemoryStream();
        await using var writer = new Utf8JsonWriter(json);
        while (await reader.ReadAsync(cancellation))
        {
            if ((reader.Problem ?? header.Read(reader.Record.Span, fields)) is { } problem)
            {
                yield return new SourceLine(reader.Number, default, problem);
                continue;
            }

            json.SetLength(0);
            writer.Reset();
            writer.WriteStartObject();
            writer.WriteString("name"u8, fields[header.Name]);
            writer.WriteString("email"u8, fields[header.Email]);
            writer.WriteEndObject();
            writer.Flush();
            yield return new SourceLine(reader.Number, json.GetBuffer().AsMemory(0, (int)json.Length), null);
        }
    }
}
