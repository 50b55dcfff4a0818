using System.CommandLine;
using System.IO.Pipelines;

namespace Roster.Cli.Import;

/// <summary>Which of the two formats a file has: as said, else by its extension, else by its first character.</summary>
internal static class FormatOption
{
    public static Option<string?> Format { get; } = new Option<string?>("--format")
    {
        Description = "ndjson or csv (default: by extension, else by content)",
        HelpName = "ndjson|csv",
    }.OnlyFrom("ndjson", "csv");

    public static FileFormat? Read(ParseResult parsed) => parsed.GetValue(Format) switch
    {
        "csv" => FileFormat.Csv,
        "ndjson" => FileFormat.Ndjson,
        _ => null,
    };

    /// <summary>By extension; null when it says nothing.</summary>
    public static FileFormat? Of(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".csv" => FileFormat.Csv,
        ".ndjson" or ".jsonl" or ".json" => FileFormat.Ndjson,
        _ => null,
    };

    /// <summary>By content, which stays in the pipe.</summary>
    public static async ValueTask<FileFormat> SniffAsync(PipeReader input, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var start = read.Buffer.FirstSpan.TrimStart("\uFEFF \t\r\n"u8);
            input.AdvanceTo(read.Buffer.Start, start.IsEmpty ? read.Buffer.End : read.Buffer.Start);
            if (!start.IsEmpty || read.IsCompleted)
            {
                return start.StartsWith("{"u8) ? FileFormat.Ndjson : FileFormat.Csv;
            }
        }
    }

    private static Option<string?> OnlyFrom(this Option<string?> option, params string[] values)
    {
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}

/// <summary>How users stand in a file.</summary>
internal enum FileFormat
{
    /// <summary>A JSON object a line.</summary>
    Ndjson,

    /// <summary>A header with name and email, then records (RFC 4180).</summary>
    Csv,
}
