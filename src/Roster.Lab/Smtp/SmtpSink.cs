using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Roster.Lab.Smtp;

/// <summary>
/// A real mail server (npm's <c>smtp-server</c>, on node) on a free port of loopback: it keeps every mail it takes, and
/// misbehaves for recipients whose address asks for it (<c>sink.js</c> says how). It ends with the process that started it.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private const string Script = "sink.js";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Func<int, Task<WatchedProcess>> start;
    private readonly string mails;
    private WatchedProcess process;

    private SmtpSink(Func<int, Task<WatchedProcess>> start, WatchedProcess process, int port, string mails) =>
        (this.start, this.process, Port, this.mails) = (start, process, port, mails);

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="folder">A folder of its own: log and mails.</param>
    /// <param name="packages">A folder where npm's packages are kept from run to run.</param>
    /// <param name="options">How it behaves.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="LabException">node or npm is missing, or it does not start.</exception>
    public static async Task<SmtpSink> StartAsync(string folder, string packages, SmtpSinkOptions options, CancellationToken cancellation)
    {
        packages = Path.GetFullPath(packages);
        await NpmPackage.InstallAsync(typeof(SmtpSink).Assembly, "Roster.Lab.Smtp.Sink.", ["package.json", "package-lock.json", Script], packages);
        var kept = Path.Combine(folder, "mails.ndjson");
        await File.WriteAllTextAsync(kept, string.Empty, cancellation);
        var port = LoopbackPorts.Free();
        Task<WatchedProcess> StartProcess(int at) => WatchedProcess.StartAsync(
            folder,
            Signal.Terminate,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["SMTP_SINK"] = Settings(options, at, kept) },
            "node", Path.Combine(packages, Script), packages);
        var sink = new SmtpSink(StartProcess, await StartProcess(port), port, kept);
        try
        {
            await sink.ReadyAsync(folder, cancellation);
            return sink;
        }
        catch
        {
            await sink.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every mail that was taken so far, in order; what came twice is here twice.</summary>
    public async Task<IReadOnlyList<SinkMail>> ReceivedAsync()
    {
        var all = new List<SinkMail>();
        foreach (var line in (await File.ReadAllTextAsync(mails)).Split('\n')[..^1])
        {
            using var document = JsonDocument.Parse(line);
            var mail = document.RootElement;
            all.Add(new SinkMail(
                mail.GetProperty("from").GetString()!,
                [.. mail.GetProperty("to").EnumerateArray().Select(to => to.GetString()!)],
                mail.GetProperty("user").GetString(),
                mail.GetProperty("secure").GetBoolean(),
                mail.GetProperty("raw").GetBytesFromBase64()));
        }

        return all;
    }

    /// <summary>Ends it; mails are refused until <see cref="RestartAsync"/>. What it took stays.</summary>
    public ValueTask StopAsync() => process.DisposeAsync();

    /// <summary>Starts it again on its port.</summary>
    public async Task RestartAsync(CancellationToken cancellation)
    {
        process = await start(Port);
        await ReadyAsync(Path.GetDirectoryName(mails)!, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static string Settings(SmtpSinkOptions options, int port, string mails)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("port", port);
            json.WriteString("file", mails);
            json.WriteString("user", options.User);
            json.WriteString("password", options.Password);
            json.WriteBoolean("startTls", options.StartTls);
            json.WriteBoolean("smtpUtf8", options.SmtpUtf8);
            json.WriteBoolean("turnsAway", options.TurnsAway);
            json.WriteNumber("slowness", (int)options.Slowness.TotalMilliseconds);
            json.WriteNumber("pause", (int)options.Pause.TotalMilliseconds);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private async Task ReadyAsync(string folder, CancellationToken cancellation)
    {
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < Patience && WatchedProcess.IsAlive(process.Id);)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
                if (client.GetStream().ReadByte() is '2' or '4')
                {
                    return;
                }
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not listening yet.
            }

            await Task.Delay(Pause, cancellation);
        }

        var log = File.ReadLines(Path.Combine(folder, WatchedProcess.LogName)).LastOrDefault(line => line.Length > 0);
        throw new LabException(string.Create(CultureInfo.InvariantCulture, $"The mail server on port {Port} did not start: {log} Is nodejs installed?"));
    }
}
