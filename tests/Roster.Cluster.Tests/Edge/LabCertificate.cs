using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Roster.Client;

namespace Roster.Cluster.Tests.Edge;

/// <summary>A certificate of a test's own, and clients that trust it alone and speak HTTP/2.</summary>
internal sealed class LabCertificate
{
    public LabCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        Pem = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The certificate and its key.</summary>
    public (string Certificate, string Key) Pem { get; }

    /// <summary>A client.</summary>
    public HttpClient Connect(Uri address)
    {
        var expected = X509Certificate2.CreateFromPem(Pem.Certificate);
        var handler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => expected.Equals(presented);
        return new HttpClient(new BrokenConnections(handler)) { BaseAddress = address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }
}
