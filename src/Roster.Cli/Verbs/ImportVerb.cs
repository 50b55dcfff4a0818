using System.CommandLine;
using System.Globalization;
using System.IO.Pipelines;
using Roster.Cli.Import;
using Roster.Cli.Remote;
using Roster.Cli.Settings;

namespace Roster.Cli.Verbs;

/// <summary><c>roster import</c>: a file of users into a server; every line is answered, and running it again is safe.</summary>
internal static class ImportVerb
{
    private static readonly Argument<string> From = new("FILE") { Description = "NDJSON or CSV with name and email; - for standard input" };
    private static readonly Option<string?> Report = new("--report") { Description = "Writes what became of each line, as NDJSON; - for standard output", HelpName = "FILE" };

    private static readonly Option<string> Patience = new("--patience")
    {
        Description = "How long to try again while nothing is answered",
        HelpName = "TIME",
        DefaultValueFactory = _ => "2m",
    };

    public static Command Create()
    {
        var verb = new Command("import", "Registers the users of a file")
        {
            From, FormatOption.Format, Report, Patience, ServerOptions.Url, ServerOptions.Key,
        };
        verb.SetAction((parsed, cancellation) => RunAsync(
            parsed, ServerOptions.Read(parsed), Duration.OfFlag("--patience", parsed.GetValue(Patience)!), cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, ServerAddress server, TimeSpan patience, CancellationToken cancellation)
    {
        var file = parsed.GetValue(From)!;
        var format = FormatOption.Read(parsed) ?? FormatOption.Of(file);
        var reportFile = parsed.GetValue(Report);
        await using var input = file == "-" ? Console.OpenStandardInput() : Open(file, FileMode.Open, FileAccess.Read);
        await using var reportTo = reportFile switch
        {
            null => null,
            "-" => Console.OpenStandardOutput(),
            _ => Open(reportFile, FileMode.Create, FileAccess.Write),
        };
        await using var report = new ImportReport(reportTo, Console.Error);
        var progress = new ImportProgress(report, TimeProvider.System);
        using var client = server.Connect();
        var sender = new ChunkSender(client, TimeProvider.System)
        {
            Patience = patience,
            Retrying = failure => progress.Say($"{failure} Trying again."),
        };
        try
        {
            await progress.ShowAsync(() => SendAsync(sender, input, format, report, progress, cancellation));
        }
        catch (Exception e) when (report.Total > 0 && e is VerbException or OperationCanceledException)
        {
            throw new VerbException($"{(e is VerbException ? e.Message : "Stopped.")} {SoFar(report)}", inner: e);
        }

        await (reportFile == "-" ? Console.Error : Console.Out).WriteLineAsync(Summary(report, progress.Seconds));
        return 0;
    }

    private static async Task SendAsync(
        ChunkSender sender, Stream input, FileFormat? known, ImportReport report, ImportProgress progress, CancellationToken cancellation)
    {
        long? length = input.CanSeek ? Math.Max(input.Length, 1) : null;
        var import = new FileImport(sender, report, position => progress.Advance(length is { } all ? (double)position / all : null));
        var pipe = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var format = known ?? await FormatOption.SniffAsync(pipe, cancellation);
        var lines = SourceLine.ReadAsync(pipe, format, cancellation);
        await import.RunAsync(ImportChunk.Gather(lines, () => length is null ? 0 : input.Position, cancellation), cancellation);
    }

    private static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        try
        {
            return new FileStream(path, mode, access, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException($"{path} cannot be opened: {Answers.Cause(e)}", inner: e);
        }
    }

    private static string Summary(ImportReport report, double seconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Total} lines: {report.Created} created, {report.Existing} exist, {report.Invalid} invalid; {seconds:0.0} s, {report.Total / seconds:0}/s");

    private static string SoFar(ImportReport report) =>
        $"{report.Total} lines were answered, up to line {report.LastLine} of the input ({report.Created} created, {report.Existing} exist, {report.Invalid} invalid); running it again is safe.";
}
