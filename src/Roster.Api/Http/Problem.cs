using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Roster.Api.Telemetry;
using Roster.Core.Requests;

namespace Roster.Api.Http;

/// <summary>An error as <c>application/problem+json</c> (RFC 9457) with the trace that the logs name too.</summary>
internal sealed class Problem(int status, string type, string? detail = null, ValidationErrors? errors = null) : IResult
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Problem NotFound(string what) => new(404, ProblemTypes.NotFound, $"There is no such {what}.");

    public static Problem Of(BadHttpRequestException refused) => refused is RefusedRequest ours
        ? new Problem(ours.StatusCode, ours.Type, ours.Message, ours.Errors)
        : new Problem(refused.StatusCode, ProblemTypes.Http, refused.Message);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = Encode(httpContext.BeginTrace().ToHexString());
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }

        await response.BodyWriter.WriteAsync(body, httpContext.RequestAborted);
    }

    private ReadOnlyMemory<byte> Encode(string trace)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("title"u8, ReasonPhrases.GetReasonPhrase(status));
        writer.WriteNumber("status"u8, status);
        if (detail is not null)
        {
            writer.WriteString("detail"u8, detail);
        }

        if (errors is { None: false })
        {
            WriteErrors(writer, errors);
        }

        writer.WriteString("traceId"u8, trace);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Writes <c>"errors": { "field": ["sentence"] }</c>.</summary>
    public static void WriteErrors(Utf8JsonWriter writer, ValidationErrors errors)
    {
        writer.WriteStartObject("errors"u8);
        foreach (var (field, problems) in errors.ByField)
        {
            writer.WriteStartArray(field);
            problems.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
