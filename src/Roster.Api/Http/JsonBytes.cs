using Microsoft.AspNetCore.Http;

namespace Roster.Api.Http;

/// <summary>An answer whose bytes are ready.</summary>
internal sealed class JsonBytes(ReadOnlyMemory<byte> body, int status = 200) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, body, status);

    /// <summary>The same without an object for it; it ends by itself when nobody is there to read.</summary>
    public static Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> body, int status = StatusCodes.Status200OK)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        var written = response.BodyWriter.WriteAsync(body);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }
}
