using Microsoft.AspNetCore.Http;

namespace Roster.Api.Http;

/// <summary>
/// Refuses a message that a proxy could have cut in another place than Kestrel does (RFC 9112, 6.1 and 6.3), and closes
/// the connection: what comes next on it may be what the proxy took for this message's body.
/// </summary>
internal sealed class FramingMiddleware(RequestDelegate next)
{
    private const string Strict = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Where Kestrel puts a length that came beside chunks, before it goes by the chunks alone.</summary>
    private const string Displaced = "X-Content-Length";

    /// <summary>Lines end with CR LF: a lone LF is the end of a line to some, and not to others.</summary>
    public static void RequireLineEnds() => AppContext.SetSwitch(Strict, isEnabled: true);

    public Task InvokeAsync(HttpContext http)
    {
        var problem = HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol)
            ? LengthProblem(http.Request.Headers)
            : ConnectionProblem(http.Request.Headers);
        if (problem is null)
        {
            return next(http);
        }

        http.Response.Headers.Connection = "close";
        return new Problem(400, ProblemTypes.Malformed, problem).ExecuteAsync(http);
    }

    private static string? LengthProblem(IHeaderDictionary headers) =>
        headers.TransferEncoding is not { Count: > 0 } coding
        || (coding.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase) && !headers.ContainsKey(Displaced))
            ? null : "A body has either a Content-Length or the one Transfer-Encoding chunked.";

    /// <summary>RFC 9113, 8.2.2: a proxy that passes these on to HTTP/1.1 would speak of another connection.</summary>
    private static string? ConnectionProblem(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count + headers.Upgrade.Count + headers.KeepAlive.Count + headers["Proxy-Connection"].Count == 0
            ? null : "HTTP/2 has no headers about the connection.";
}
