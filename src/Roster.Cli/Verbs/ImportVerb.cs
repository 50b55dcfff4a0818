using System.CommandLine;
using System.Globalization;
using System.IO.Pipelines;
using Roster.Cli.Import;
using Roster.Cli.Remote;

namespace Roster.Cli.Verbs;

/// <summary><c>roster import</c>: a file of users into a server; every line is answered, and running it again is safe.</summary>
internal static class ImportVerb
{
    private static readonly Argument<string> From = new("FILE") { Description = "NDJSON or CSV with name and email; - for standard input" };
    private static readonly Option<string?> Report = new("--report") { Description = "Writes what became of each line, as NDJSON", HelpName = "FILE" };

    public static Command Create()
    {
        var verb = new Command("import", "Registers the users of a file") { From, FormatOption.Format, Report, ServerOptions.Url, ServerOptions.Key };
        verb.SetAction((parsed, cancellation) => RunAsync(
            ServerOptions.Read(parsed), parsed.GetValue(From)!, FormatOption.Read(parsed), parsed.GetValue(Report), cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(
        ServerAddress server, string file, FileFormat? format, string? reportFile, CancellationToken cancellation)
    {
        await using var input = file == "-" ? Console.OpenStandardInput() : Open(file, FileMode.Open, FileAccess.Read);
        await using var reportTo = reportFile is null ? null : Open(reportFile, FileMode.Create, FileAccess.Write);
        await using var report = new ImportReport(reportTo, Console.Error);
        var progress = new ImportProgress(report, TimeProvider.System);
        try
        {
            await progress.ShowAsync(() => SendAsync(server, input, format ?? FormatOption.Of(file), report, progress, cancellation));
        }
        catch (Exception e) when (report.Total > 0 && e is VerbException or OperationCanceledException)
        {
            throw new VerbException($"{(e is VerbException ? e.Message : "Stopped.")} {SoFar(report)}", inner: e);
        }

        Console.WriteLine(Summary(report, progress.Seconds));
        return 0;
    }

    private static async Task SendAsync(
        ServerAddress server, Stream input, FileFormat? known, ImportReport report, ImportProgress progress, CancellationToken cancellation)
    {
        using var client = server.Connect();
        var sender = new ChunkSender(client, TimeProvider.System) { Retrying = failure => progress.Say($"{failure} Trying again.") };
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
