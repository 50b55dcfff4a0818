using System.CommandLine;
using System.Text;
using System.Text.Json;
using Roster.Api.Users.Import;
using Roster.Cli.Import;
using Roster.Cli.Remote;

namespace Roster.Cli.Verbs;

/// <summary><c>roster export</c>: every user into a file, which is there whole or not at all.</summary>
internal static class ExportVerb
{
    private static readonly Argument<string> To = new("FILE") { Description = "Where to; - for standard output" };

    public static Command Create()
    {
        var verb = new Command("export", "Writes every user, as NDJSON or as CSV (name,email)") { To, FormatOption.Format, ServerOptions.Url, ServerOptions.Key };
        verb.SetAction((parsed, cancellation) =>
        {
            var file = parsed.GetValue(To)!;
            var format = FormatOption.Read(parsed) ?? FormatOption.Of(file) ?? FileFormat.Ndjson;
            return RunAsync(ServerOptions.Read(parsed), file, format, cancellation);
        });
        return verb;
    }

    private static async Task<int> RunAsync(ServerAddress server, string file, FileFormat format, CancellationToken cancellation)
    {
        if (file == "-")
        {
            await using var stdout = new BufferedStream(Console.OpenStandardOutput(), 64 * 1024);
            await CopyAsync(server, stdout, format, cancellation);
            return 0;
        }

        var draft = $"{file}.{Environment.ProcessId}.part";
        try
        {
            long count;
            await using (var output = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, 64 * 1024))
            {
                count = await CopyAsync(server, output, format, cancellation);
                output.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite: true);
            Console.WriteLine($"{count} users are in {file}.");
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException($"{file} cannot be written: {Answers.Cause(e)}", inner: e);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static async Task<long> CopyAsync(ServerAddress server, Stream output, FileFormat format, CancellationToken cancellation)
    {
        using var client = server.Connect();
        try
        {
            using var response = await client.GetAsync("users/export", HttpCompletionOption.ResponseHeadersRead, cancellation);
            await Answers.EnsureOkAsync(response, cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            return await CopyLinesAsync(new LineReader(body), output, format, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw Answers.Unreachable(server.Url, e);
        }
        catch (HttpIOException e)
        {
            throw new VerbException($"The export broke off: {Answers.Cause(e)} Run it again.", inner: e);
        }
    }

    private static async Task<long> CopyLinesAsync(LineReader lines, Stream output, FileFormat format, CancellationToken cancellation)
    {
        using var progress = new ProgressLine("users");
        var line = new StringBuilder(format == FileFormat.Csv ? "name,email\n" : string.Empty);
        long count = 0;
        await output.WriteAsync(Encoding.UTF8.GetBytes(line.ToString()), cancellation);
        while (await lines.ReadAsync(cancellation))
        {
            if (lines.Problem is { } problem)
            {
                throw new VerbException($"The server sent a line that {problem}.");
            }

            if (format == FileFormat.Ndjson)
            {
                await output.WriteAsync(lines.Record, cancellation);
                output.WriteByte((byte)'\n');
            }
            else
            {
                await output.WriteAsync(ToCsv(lines.Record, line.Clear()), cancellation);
            }

            progress.Report(++count);
        }

        await output.FlushAsync(cancellation);
        return count;
    }

    private static byte[] ToCsv(ReadOnlyMemory<byte> user, StringBuilder line)
    {
        using var json = JsonDocument.Parse(user);
        CsvFields.Append(line, json.RootElement.GetProperty("name").GetString()!);
        CsvFields.Append(line.Append(','), json.RootElement.GetProperty("email").GetString()!);
        return Encoding.UTF8.GetBytes(line.Append('\n').ToString());
    }
}
