using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Roster.Tests.Api.Auth;
using Xunit;

namespace Roster.Tests.Api.Hostile;

/// <summary>
/// A server with every limit that the real one has, but with a tenth of its patience, so that whatever has an end is seen
/// to end. It listens without TLS and, for HTTP/2, with it; what it logs is kept.
/// </summary>
public sealed class ImpatientServer : IAsyncLifetime
{
    private const int Faster = 10;

    /// <summary>What the system takes in for a client that does not read counts as sent, and buys it time: megabytes on loopback.</summary>
    private const int FasterAnswers = 1000;
    private readonly X509Certificate2 certificate = SelfSigned();
    private RunningServer? server;

    public RunningServer Server => server!;

    /// <summary>Where it speaks HTTP/2.</summary>
    public Uri TlsUrl { get; private set; } = null!;

    public KeptLogs Logs { get; private set; } = null!;

    /// <summary>A head with an administrator's key, without the empty line behind it.</summary>
    public string Head(string method, string path) =>
        $"{method} {path} HTTP/1.1\r\nHost: {Server.Url.Authority}\r\nAuthorization: Bearer {Server.AdminKey}";

    /// <summary>Whether a certificate is this server's own.</summary>
    public bool Shows(X509Certificate? shown) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(certificate.RawData);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.StartAsync(Limit, "http://127.0.0.1:0", "https://127.0.0.1:0");
        Logs = KeptLogs.Of(server);
        var addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        TlsUrl = new Uri(addresses.Single(address => address.StartsWith("https:", StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        certificate.Dispose();
    }

    /// <summary>Asserts that it serves, and that nothing a client did is in the log as a fault of ours.</summary>
    public async Task IsUnharmedAsync()
    {
        (await Server.Nobody.GetAsync("/readyz")).Is(200);
        await Server.Admin.SignUpAsync();
        Assert.DoesNotContain(Logs.Lines, line =>
            line.StartsWith("Error", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal)
            || line.Contains("\n   at ", StringComparison.Ordinal));
    }

    private void Limit(KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.RequestHeadersTimeout /= Faster;
        limits.KeepAliveTimeout /= 10 * Faster;
        limits.MinRequestBodyDataRate = Hurried(limits.MinRequestBodyDataRate!, Faster);
        limits.MinResponseDataRate = Hurried(limits.MinResponseDataRate!, FasterAnswers);
        kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = certificate);
    }

    private static MinDataRate Hurried(MinDataRate rate, int faster) =>
        new(rate.BytesPerSecond * faster, TimeSpan.FromTicks(Math.Max((rate.GracePeriod / Faster).Ticks, TimeSpan.FromSeconds(1.1).Ticks)));

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
