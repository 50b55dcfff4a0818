using System.Text;
using CsCheck;
using CsvHelper;
using Roster.Api.Users.Import;
using Xunit;
using OurReader = Roster.Api.Users.Import.CsvReader;
using TheirReader = CsvHelper.CsvReader;

namespace Roster.Tests.Api.Users.Import;

/// <summary>Our CSV held to CsvHelper's answers.</summary>
public sealed class CsvComparisonTests
{
    private static readonly Gen<string> Piece = Gen.Frequency(
        (8, Gen.OneOf("\"", ",", "\n", "\r\n", "\"\"", "a", "b c", " ", "é", "e\u0301", "😀", "日本", "\t", ";", "'", "O\"Neil")),
        (1, Gen.Int[0x20, 0xD7FF].Select(char.ConvertFromUtf32)),
        (1, Gen.Int[0x10000, 0x10FFFF].Select(char.ConvertFromUtf32)));

    /// <summary>A lone CR ends a record for them and is a character for us; it occurs only where both must keep it: in quotes.</summary>
    private static readonly Gen<string> Field = Gen.Frequency((4, Piece), (1, Gen.Const("\r"))).Array[0, 8].Select(string.Concat);

    private static readonly Gen<string[][]> Table = Gen.Int[2, 4].SelectMany(columns => Field.Array[columns].Array[0, 12]);

    private static readonly Gen<string> AnyCsv = Piece.Array[0, 60].Select(string.Concat);

    [Fact]
    public void Whatever_table_a_library_writes_is_read_as_it_was() =>
        Gen.Select(Table, Gen.OneOf("\n", "\r\n"), Gen.Int[1, 40]).Sample((table, lineEnd, atATime) =>
        {
            using var stream = new MemoryStream();
            using (var writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = lineEnd }, leaveOpen: true))
            {
                foreach (var row in table)
                {
                    Array.ForEach(row, field => writer.WriteField(field));
                    writer.EndRecord();
                }
            }

            var (rows, problems) = Ours(stream.ToArray(), atATime);

            Assert.Empty(problems);
            AssertSame(table, rows);
        });

    [Fact]
    public void Whatever_table_is_written_here_a_library_reads_as_it_was() => Table.Sample(table =>
    {
        var text = new StringBuilder();
        foreach (var row in table)
        {
            for (var i = 0; i < row.Length; i++)
            {
                CsvFields.Append(i == 0 ? text : text.Append(','), row[i]);
            }

            text.Append('\n');
        }

        var (rows, faults) = Theirs(Encoding.UTF8.GetBytes(text.ToString()));

        Assert.Empty(faults);
        AssertSame(table, rows);
    });

    /// <summary>
    /// A quote inside an unquoted field is a character for both, though they name it, and it alone, as the record's first fault;
    /// every other fault is one for both.
    /// </summary>
    [Fact]
    public void Any_text_is_read_as_a_library_reads_it_or_refused_by_both() => Gen.Select(AnyCsv, Gen.Int[1, 40]).Sample((text, atATime) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (rows, problems) = Ours(bytes, atATime);
        var (expected, faults) = Theirs(bytes);

        if (problems.Count > 0)
        {
            Assert.NotEmpty(faults);
        }
        else
        {
            Assert.DoesNotContain(faults, fault => fault != CsvMalformedReason.StrayQuote);
            AssertSame(expected, rows);
        }
    });

    private static (List<string[]> Rows, List<string> Problems) Ours(byte[] csv, int atATime)
    {
        var reader = new OurReader(new Trickle(csv, atATime));
        var rows = new List<string[]>();
        var problems = new List<string>();
        var fields = new List<string>();
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
        {
            if ((reader.Problem ?? CsvFields.Split(Encoding.UTF8.GetString(reader.Record.Span), fields)) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                rows.Add([.. fields]);
            }
        }

        return (rows, problems);
    }

    private static (List<string[]> Rows, List<CsvMalformedReason> Faults) Theirs(byte[] csv)
    {
        var rows = new List<string[]>();
        var faults = new List<CsvMalformedReason>();
        using var reader = TheirReader.Create(csv, new CsvReaderOptions
        {
            HasHeader = false,
            Separator = ',',
            OnMalformedRecord = record => faults.Add(record.Reason),
        });
        while (reader.Read())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        return (rows, faults);
    }

    /// <summary>Lines of nothing but blanks are no records for us.</summary>
    private static void AssertSame(IEnumerable<string[]> expected, IEnumerable<string[]> actual) =>
        Assert.Equal(Shown(expected), Shown(actual));

    private static IEnumerable<string> Shown(IEnumerable<string[]> rows) =>
        from row in rows
        where row.Length > 1 || row[0].AsSpan().IndexOfAnyExcept(" \t\r\n") >= 0
        select string.Join(" | ", row.Select(Text.Vectors.Show));
}
