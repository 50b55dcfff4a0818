using Roster.Lab.Smtp;
using Xunit;

namespace Roster.Tests.Email.Smtp;

/// <summary>One mail server that takes mails from anybody, for all tests of a class; each uses addresses of its own.</summary>
public sealed class SharedSink : IAsyncLifetime
{
    private SinkFolder? server;

    public SmtpSink Sink => server!.Sink;

    public async ValueTask InitializeAsync() => server = await SinkFolder.StartAsync(new SmtpSinkOptions { Slowness = TimeSpan.FromSeconds(1) });

    /// <summary>The mails that one address got.</summary>
    public async Task<IReadOnlyList<SinkMail>> OfAsync(string address) =>
        [.. (await Sink.ReceivedAsync()).Where(mail => mail.To.Contains(address, StringComparer.Ordinal))];

    public ValueTask DisposeAsync() => server!.DisposeAsync();
}
