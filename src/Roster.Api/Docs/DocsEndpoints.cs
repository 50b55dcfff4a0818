using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Roster.Api.Docs;

/// <summary>
/// The API's document, written by hand (docs/adr/0013-openapi-by-hand.md), and a page to read and try it: all from this
/// program, nothing from another host.
/// </summary>
internal static class DocsEndpoints
{
    // Swagger UI sets no inline style or script; icons in its style sheet are data.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string SwaggerUi = "Swashbuckle.AspNetCore.SwaggerUI.node_modules.swagger_ui_dist.";

    private static readonly ServedFile OpenApi = Ours("openapi.v1.json", "application/json; charset=utf-8");
    private static readonly ServedFile GraphPage = Ours("graphql.html", "text/html; charset=utf-8");
    private static readonly ServedFile Page = Ours("index.html", "text/html; charset=utf-8");

    private static readonly FrozenDictionary<string, ServedFile> Files = new Dictionary<string, ServedFile>(StringComparer.Ordinal)
    {
        ["page.js"] = Ours("page.js", "text/javascript; charset=utf-8"),
        ["graphql.js"] = Ours("graphql.js", "text/javascript; charset=utf-8"),
        ["graphql.css"] = Ours("graphql.css", "text/css; charset=utf-8"),
        ["page.css"] = Ours("page.css", "text/css; charset=utf-8"),
        ["swagger-ui-bundle.js"] = Theirs("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ["swagger-ui.css"] = Theirs("swagger-ui.css", "text/css; charset=utf-8"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static void MapDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/v1.json", () => OpenApi).IsOpen();
        routes.MapGet("/docs", (HttpContext http) => Guarded(http, Page)).IsOpen();
        routes.MapGet("/docs/graphql", (HttpContext http) => Guarded(http, GraphPage)).IsOpen();
        routes.MapGet("/docs/{file}", GetFile).IsOpen();
    }

    private static IResult GetFile(string file, HttpContext http) =>
        Files.TryGetValue(file, out var found) ? Guarded(http, found) : Problem.NotFound("file");

    private static ServedFile Guarded(HttpContext http, ServedFile file)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return file;
    }

    private static ServedFile Ours(string name, string type) =>
        ServedFile.Of(typeof(DocsEndpoints).Assembly, $"{typeof(DocsEndpoints).Namespace}.{name}", type, gzipped: false);

    private static ServedFile Theirs(string name, string type) =>
        ServedFile.Of(typeof(SwaggerUIOptions).Assembly, SwaggerUi + name, type, gzipped: true);
}
