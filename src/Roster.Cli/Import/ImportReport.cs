using System.Text.Json;

namespace Roster.Cli.Import;

/// <summary>What became of every line: counts, the first invalid ones on standard error, all of them in a file if wanted.</summary>
internal sealed class ImportReport(Stream? file, TextWriter errors) : IAsyncDisposable
{
    private const int ShownInvalid = 20;

    private readonly Stream? buffered = file is null ? null : new BufferedStream(file, 64 * 1024);

    public long Created { get; private set; }

    public long Existing { get; private set; }

    public long Invalid { get; private set; }

    /// <summary>The last line of the file that was answered.</summary>
    public long LastLine { get; private set; }

    /// <summary>All lines answered.</summary>
    public long Total => Created + Existing + Invalid;

    /// <summary>A line that was not sent.</summary>
    public void AddRefused(long line, string problem) => Add(line, new LineAnswer(0, "invalid", null, $"line {problem}", null, null));

    /// <summary>A line's answer.</summary>
    public void Add(long line, LineAnswer answer)
    {
        LastLine = line;
        switch (answer.Result)
        {
            case "created":
                Created++;
                break;
            case "exists":
                Existing++;
                break;
            default:
                ShowInvalid(line, answer.Errors);
                break;
        }

        Write(line, answer);
    }

    public async ValueTask DisposeAsync()
    {
        if (buffered is not null)
        {
            await buffered.DisposeAsync();
        }
    }

    private void ShowInvalid(long line, string? problem)
    {
        if (Invalid++ < ShownInvalid)
        {
            errors.WriteLine($"line {line}: {problem}");
        }
        else if (Invalid == ShownInvalid + 1)
        {
            errors.WriteLine(buffered is null ? "More invalid lines follow; --report FILE names all." : "More invalid lines are in the report.");
        }
    }

    private void Write(long line, LineAnswer answer)
    {
        if (buffered is null)
        {
            return;
        }

        using (var writer = new Utf8JsonWriter(buffered))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, line);
            writer.WriteString("result"u8, answer.Result);
            if (answer.Id is not null)
            {
                writer.WriteString("id"u8, answer.Id);
            }

            if (answer.Errors is not null)
            {
                writer.WriteString("errors"u8, answer.Errors);
            }

            writer.WriteEndObject();
        }

        buffered.WriteByte((byte)'\n');
    }
}
