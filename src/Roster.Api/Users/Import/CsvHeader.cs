using System.Text;
using System.Text.Unicode;

namespace Roster.Api.Users.Import;

/// <summary>Where name and e-mail stand in a CSV file; its first record says so, in any order.</summary>
/// <param name="Name">The name's column, from 0.</param>
/// <param name="Email">The e-mail's column, from 0.</param>
public sealed record CsvHeader(int Name, int Email)
{
    /// <summary>The only columns there are.</summary>
    public const int Columns = 2;

    /// <summary>Takes the header off an input; null, with a sentence, when there is none.</summary>
    public static async ValueTask<(CsvHeader? Parsed, string? Problem)> ReadAsync(CsvReader reader, CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation))
        {
            return (null, "The input must begin with a header that names name and email.");
        }

        if (reader.Problem is not null || !Utf8.IsValid(reader.Record.Span))
        {
            return (null, $"The header {reader.Problem ?? "is not valid UTF-8"}.");
        }

        return (Parse(Encoding.UTF8.GetString(reader.Record.Span), out var problem), problem);
    }

    /// <summary>Reads the header; null, with a sentence, when it is none.</summary>
    public static CsvHeader? Parse(string record, out string? problem)
    {
        var fields = new List<string>();
        problem = CsvFields.Split(record, fields) is { } broken ? $"The header {broken}." : null;
        if (problem is not null)
        {
            return null;
        }

        var columns = fields.ConvertAll(field => field.Trim().ToLowerInvariant());
        var unknown = columns.Find(column => column is not ("name" or "email"));
        problem = unknown is not null ? $"The column \"{Short(unknown)}\" is unknown: the header must name name and email."
            : columns.Distinct(StringComparer.Ordinal).Count() != columns.Count ? "The header names a column twice."
            : columns.Count != Columns ? "The header must name name and email."
            : null;
        return problem is null ? new CsvHeader(columns.IndexOf("name"), columns.IndexOf("email")) : null;
    }

    /// <summary>Splits a data record and checks its shape.</summary>
    /// <param name="record">UTF-8, without its line end.</param>
    /// <param name="fields">Receives the fields.</param>
    /// <returns>What is wrong, as a sentence without its subject; null when nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> record, List<string> fields) =>
        !Utf8.IsValid(record) ? "is not valid UTF-8"
        : CsvFields.Split(Encoding.UTF8.GetString(record), fields) is { } problem ? problem
        : fields.Count != Columns ? $"has {(fields.Count == 1 ? "1 field" : $"{fields.Count} fields")}, not {Columns}"
        : null;

    private static string Short(string column) => column.Length <= 40 ? column : string.Concat(column.AsSpan(0, 40), "…");
}
