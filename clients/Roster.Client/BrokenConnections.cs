using System.Net.Sockets;

namespace Roster.Client;

/// <summary>
/// Makes every broken connection an <see cref="HttpRequestException"/>. A <see cref="SocketsHttpHandler"/> looks for the other
/// end's address after it has connected; a server that resets the connection in between makes it throw a bare
/// <see cref="SocketException"/>, which nobody who retries expects.
/// </summary>
/// <param name="inner">What sends the requests.</param>
public sealed class BrokenConnections(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException e)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, e.Message, e);
        }
    }
}
