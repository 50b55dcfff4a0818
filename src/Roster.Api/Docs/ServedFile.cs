using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Roster.Api.Http;

namespace Roster.Api.Docs;

/// <summary>A file out of an assembly: read once, served with an ETag of its content, as it is or unpacked.</summary>
internal sealed class ServedFile : IResult
{
    private readonly byte[] bytes;
    private readonly string type;
    private readonly bool gzipped;
    private readonly string tag;

    private ServedFile(byte[] bytes, string type, bool gzipped)
    {
        (this.bytes, this.type, this.gzipped) = (bytes, type, gzipped);
        tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"";
    }

    /// <summary>Reads a resource.</summary>
    /// <param name="assembly">Where it is.</param>
    /// <param name="resource">Its name.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="gzipped">Whether it is packed.</param>
    public static ServedFile Of(Assembly assembly, string resource, string type, bool gzipped)
    {
        using var stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no {resource}.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new ServedFile(content, type, gzipped);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        // Weak: packed and unpacked bytes share it.
        response.Headers.ETag = $"W/{tag}";
        response.Headers.CacheControl = "no-cache";
        if (gzipped)
        {
            response.Headers.Vary = HeaderNames.AcceptEncoding;
        }

        if (EntityTag.IsKnownToClient(httpContext.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = type;
        if (gzipped && !TakesGzip(httpContext.Request))
        {
            return UnpackAsync(response, httpContext.RequestAborted);
        }

        if (gzipped)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentLength = bytes.Length;
        return response.BodyWriter.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }

    private static bool TakesGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList([.. request.Headers.AcceptEncoding.OfType<string>()], out var accepted)
        && accepted.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is null or > 0);

    private async Task UnpackAsync(HttpResponse response, CancellationToken cancellation)
    {
        await using var unpacked = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        await unpacked.CopyToAsync(response.Body, cancellation);
    }
}
