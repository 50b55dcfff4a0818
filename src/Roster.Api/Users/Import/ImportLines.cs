using System.Runtime.CompilerServices;
using Roster.Core.Requests;
using Roster.Core.Users;

namespace Roster.Api.Users.Import;

/// <summary>Records of either format as the lines of an import.</summary>
internal static class ImportLines
{
    /// <summary>Lines of NDJSON.</summary>
    public static async IAsyncEnumerable<ImportUsers.Line> OfNdjson(
        LineReader reader, string? source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            yield return LineOf(reader, (record, errors) => ImportJson.Parse(record, source, errors));
        }
    }

    /// <summary>Records of CSV behind their header.</summary>
    public static async IAsyncEnumerable<ImportUsers.Line> OfCsv(
        CsvReader reader, CsvHeader header, string? source, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var fields = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            yield return LineOf(reader, (record, errors) => header.Read(record, fields) is { } problem
                ? Refuse(errors, problem)
                : new RegisterUser.Request(fields[header.Name], fields[header.Email], null, source));
        }
    }

    private delegate RegisterUser.Request? Parser(ReadOnlySpan<byte> record, ValidationErrors errors);

    private static ImportUsers.Line LineOf(RecordReader reader, Parser parse)
    {
        var errors = new ValidationErrors();
        var request = reader.Problem is { } problem ? Refuse(errors, problem) : parse(reader.Record.Span, errors);
        return new ImportUsers.Line(reader.Number, request, request is null ? errors : null);
    }

    private static RegisterUser.Request? Refuse(ValidationErrors errors, string problem)
    {
        errors.Add(ImportJson.WholeLine, problem);
        return null;
    }
}
