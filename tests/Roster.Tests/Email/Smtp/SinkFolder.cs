using Roster.Lab.Smtp;
using Roster.Tests.Architecture;

namespace Roster.Tests.Email.Smtp;

/// <summary>A mail server for one test, with its folder.</summary>
internal sealed class SinkFolder : IAsyncDisposable
{
    private readonly DirectoryInfo folder;

    private SinkFolder(DirectoryInfo folder, SmtpSink sink) => (this.folder, Sink) = (folder, sink);

    public SmtpSink Sink { get; }

    public static async Task<SinkFolder> StartAsync(SmtpSinkOptions options)
    {
        var own = Directory.CreateTempSubdirectory("roster-");
        var packages = Path.Combine(Sources.Root, "artifacts", "npm", "smtp-sink");
        return new SinkFolder(own, await SmtpSink.StartAsync(own.FullName, packages, options, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
