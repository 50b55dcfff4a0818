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
        var headers = http.Request.Headers;
        if (headers.TransferEncoding is not { Count: > 0 } coding
            || (coding.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase) && !headers.ContainsKey(Displaced)))
        {
            return next(http);
        }

        http.Response.Headers.Connection = "close";
        return new Problem(400, ProblemTypes.Malformed, "A body has either a Content-Length or the one Transfer-Encoding chunked.").ExecuteAsync(http);
    }
}
