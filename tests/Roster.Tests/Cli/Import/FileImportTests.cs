using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Roster.Cli;
using Roster.Cli.Import;
using Xunit;
using static Roster.Tests.Cli.Import.ScriptedServer;

namespace Roster.Tests.Cli.Import;

/// <summary>Whole files against a server that fails as it is told.</summary>
public sealed class FileImportTests
{
    private const int Users = 12_000;

    /// <summary>Failures in every chunk, at its beginning, in its middle and at its end.</summary>
    private static readonly Failure[] Outages =
    [
        new(Manner.Busy), new(Manner.Reset, 1000), new(Manner.CutInLine, 700), new(Manner.NotDone, 0), new(Manner.CutBehindLine, 4000),
        new(Manner.Busy), new(Manner.Busy), new(Manner.CutInLine, 0), new(Manner.NotDone, 2500), new(Manner.Reset, 0),
    ];

    [Fact]
    public async Task Lines_of_NDJSON_are_each_reported_once_under_their_number_in_the_file()
    {
        var file = new Source();
        for (var i = 0; i < Users; i++)
        {
            if (i % 7 == 0)
            {
                file.Add("", lines: 1);
            }

            file.AddUser(i, $$"""{"name":"N {{i}}","email":"{{Email(i)}}"}""");
        }

        await AssertReported(file, FileFormat.Ndjson);
    }

    [Fact]
    public async Task Records_of_CSV_are_each_reported_once_under_the_number_of_their_first_line()
    {
        var file = new Source();
        file.Add("email,name", lines: 1);
        for (var i = 0; i < Users; i++)
        {
            if (i % 11 == 0)
            {
                file.AddInvalid("only one field");
            }

            file.AddUser(i, i % 5 == 0 ? $"{Email(i)},\"two\nlines, \"\"quoted\"\"\"" : $"{Email(i)},N {i}", lines: i % 5 == 0 ? 2 : 1);
        }

        file.AddInvalid("the last one is refused too");
        await AssertReported(file, FileFormat.Csv);
    }

    [Theory]
    [InlineData(nameof(Manner.Busy))]
    [InlineData(nameof(Manner.Reset))]
    [InlineData(nameof(Manner.CutInLine))]
    [InlineData(nameof(Manner.CutBehindLine))]
    [InlineData(nameof(Manner.NotDone))]
    public async Task A_failure_that_stays_is_given_up_with_a_sentence(string how)
    {
        await using var server = await StartAsync([.. Enumerable.Repeat(new Failure(Enum.Parse<Manner>(how)), 100)]);
        var file = new Source();
        file.AddUser(1, $$"""{"name":"N","email":"{{Email(1)}}"}""");

        var ended = await Assert.ThrowsAsync<VerbException>(() => ImportAsync(server, file, FileFormat.Ndjson, TimeSpan.FromMilliseconds(20)));

        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("Gave up after 0.02 s without an answer: ", ended.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", ended.Message, StringComparison.Ordinal);
    }

    private static async Task AssertReported(Source file, FileFormat format)
    {
        await using var server = await StartAsync(Outages);
        var (report, lines) = await ImportAsync(server, file, format, TimeSpan.FromMinutes(2));

        Assert.Equal(file.Expected, lines.Select(line => (
            line.GetProperty("line").GetInt64(), line.TryGetProperty("id", out var id) ? id.GetString() : null)));
        Assert.Equal(0, server.Left);
        Assert.Equal(file.Expected.Count, report.Total);
        Assert.Equal(file.Expected.Count(line => line.Email is null), report.Invalid);
        Assert.Equal(Users, report.Created + report.Existing);
        Assert.True(report.Existing > 0, "Nothing was sent a second time.");
    }

    private static async Task<(ImportReport Report, List<JsonElement> Lines)> ImportAsync(
        ScriptedServer server, Source file, FileFormat format, TimeSpan patience)
    {
        using var written = new MemoryStream();
        using var client = server.Address.Connect();
        var sender = new ChunkSender(client, TimeProvider.System) { Patience = patience, FirstPause = TimeSpan.FromMilliseconds(1) };
        var report = new ImportReport(written, TextWriter.Null);
        await using (report)
        {
            var input = PipeReader.Create(new MemoryStream(file.ToBytes()));
            var chunks = ImportChunk.Gather(SourceLine.ReadAsync(input, format, CancellationToken.None), () => 0, CancellationToken.None);
            await new FileImport(sender, report, _ => { }).RunAsync(chunks, CancellationToken.None);
        }

        var lines = Encoding.UTF8.GetString(written.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (report, [.. lines.Select(line => JsonDocument.Parse(line).RootElement)]);
    }

    private static string Email(int i) => $"user{i}@example.com";

    /// <summary>A file, and what each of its records should be answered: its line, and whose it is; nobody's when invalid.</summary>
    private sealed class Source
    {
        private readonly StringBuilder text = new();
        private long line = 1;

        public List<(long Line, string? Email)> Expected { get; } = [];

        public void Add(string record, int lines)
        {
            text.Append(record).Append('\n');
            line += lines;
        }

        public void AddUser(int i, string record, int lines = 1)
        {
            Expected.Add((line, Email(i)));
            Add(record, lines);
        }

        public void AddInvalid(string record)
        {
            Expected.Add((line, null));
            Add(record, 1);
        }

        public byte[] ToBytes() => Encoding.UTF8.GetBytes(text.ToString());
    }
}
