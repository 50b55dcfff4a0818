using System.Text;

namespace Roster.Api.Users.Import;

/// <summary>The fields of one CSV record (RFC 4180). A quote inside an unquoted field is taken as it stands.</summary>
public static class CsvFields
{
    /// <summary>Splits a record.</summary>
    /// <param name="record">Without its line end.</param>
    /// <param name="fields">Receives the fields, unquoted.</param>
    /// <returns>What is wrong, as a sentence without its subject; null when nothing is.</returns>
    public static string? Split(string record, List<string> fields)
    {
        fields.Clear();
        for (var at = 0; ; at++)
        {
            if (at < record.Length && record[at] == '"')
            {
                var field = Unquote(record, ref at);
                if (field is null)
                {
                    return "has a quote that is not closed";
                }

                if (at < record.Length && record[at] != ',')
                {
                    return "has text behind a closing quote";
                }

                fields.Add(field);
            }
            else
            {
                var comma = record.IndexOf(',', at);
                var end = comma < 0 ? record.Length : comma;
                fields.Add(record[at..end]);
                at = end;
            }

            if (at >= record.Length)
            {
                return null;
            }
        }
    }

    /// <summary>Writes a field, quoted when it must be.</summary>
    public static void Append(StringBuilder line, string field)
    {
        if (field.AsSpan().IndexOfAny(",\"\r\n") < 0 && field.Length > 0 && field[0] != ' ' && field[^1] != ' ')
        {
            line.Append(field);
            return;
        }

        line.Append('"').Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static string? Unquote(string record, ref int at)
    {
        var start = ++at;
        var doubled = false;
        while (record.IndexOf('"', at) is >= 0 and var quote)
        {
            at = quote + 1;
            if (at >= record.Length || record[at] != '"')
            {
                var field = record[start..quote];
                return doubled ? field.Replace("\"\"", "\"", StringComparison.Ordinal) : field;
            }

            doubled = true;
            at++;
        }

        return null;
    }
}
