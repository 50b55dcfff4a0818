using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Api.Overload;
using Roster.Api.Telemetry;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Users.Import;

/// <summary>
/// <c>POST /users/import</c>: lines in, answers out, both streamed. The e-mail is the key: sending lines again is safe.
/// </summary>
internal static partial class ImportEndpoint
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";

    /// <summary>A client may be slow to send and to read, but not for ever: then its connection is closed.</summary>
    private static readonly MinDataRate Patience = new(bytesPerSecond: 100, gracePeriod: TimeSpan.FromMinutes(2));

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/users/import", Import).Needs(Scopes.UsersWrite).WithMetadata(new WaitsForTurn());

    private static async Task Import(HttpContext http, ImportUsers import, ILoggerFactory loggers)
    {
        var source = WantsMail(http.Request.Query) ? null : "import";
        LiftLimits(http.Features, HttpProtocol.IsHttp2(http.Request.Protocol));
        try
        {
            await ImportAsync(http, import, loggers, await LinesAsync(http, source));
        }
        catch (IOException e) when (e is not Microsoft.AspNetCore.Http.BadHttpRequestException && !http.Response.HasStarted)
        {
            throw RefusedRequest.Unreadable();
        }
    }

    private static async Task ImportAsync(
        HttpContext http, ImportUsers import, ILoggerFactory loggers, IAsyncEnumerable<ImportUsers.Line> lines)
    {
        http.Response.ContentType = Ndjson;
        var response = new ImportResponse(http.Response.BodyWriter, http.After());
        var answers = import.HandleAsync(lines, http.Caller(), http.RequestAborted).Select(ImportAnswer.Of);
        string? error = null;
        try
        {
            await response.WriteAsync(answers, http.RequestAborted);
        }
        catch (Exception e) when (response.HasBegun && !http.RequestAborted.IsCancellationRequested)
        {
            error = SentenceOf(e);
            http.BeginTrace();

            // What a client did wrong says nothing about our code.
            LogEnded(loggers.CreateLogger(typeof(ImportEndpoint)), e is IOException ? null : e, error);
        }

        await response.EndAsync(error, http.RequestAborted);
    }

    private static async ValueTask<IAsyncEnumerable<ImportUsers.Line>> LinesAsync(HttpContext http, string? source)
    {
        if (TypeOf(http.Request) == Ndjson)
        {
            return ImportLines.OfNdjson(new LineReader(http.Request.Body), source, http.RequestAborted);
        }

        var reader = new CsvReader(http.Request.Body);
        var header = await CsvHeader.ReadAsync(reader, http.RequestAborted);
        return header.Parsed is { } columns
            ? ImportLines.OfCsv(reader, columns, source, http.RequestAborted)
            : throw RefusedRequest.Invalid(new ValidationErrors().Add("header", header.Problem!));
    }

    private static string TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? type.MediaType.Value?.ToLowerInvariant() switch
            {
                Ndjson => Ndjson,
                Csv => Csv,
                _ => throw WrongType(),
            }
            : throw WrongType();

    private static RefusedRequest WrongType() =>
        new(415, ProblemTypes.Http, $"Content-Type must be {Ndjson} or {Csv}, in UTF-8.");

    private static bool WantsMail(IQueryCollection query) => query.Text("sendMail") switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw RefusedRequest.WrongType("sendMail", "must be true or false"),
    };

    private static void LiftLimits(IFeatureCollection features, bool isHttp2)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (features.Get<IHttpMinRequestBodyDataRateFeature>() is { } sending)
        {
            // Over HTTP/2 Kestrel can only lift the pace, not set another.
            sending.MinDataRate = isHttp2 ? null : Patience;
        }

        if (features.Get<IHttpMinResponseDataRateFeature>() is { } reading)
        {
            reading.MinDataRate = Patience;
        }
    }

    private static string SentenceOf(Exception e) => e switch
    {
        StoreUnavailableException or Microsoft.AspNetCore.Http.BadHttpRequestException => e.Message,
        IOException => RefusedRequest.Unreadable().Message,
        _ => "This is a fault of ours; the log has the details.",
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "An import ended early: {Sentence}")]
    private static partial void LogEnded(ILogger logger, Exception? e, string sentence);
}
