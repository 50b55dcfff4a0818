using GraphQL;
using GraphQL.SystemTextJson;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Roster.Api.Http;

namespace Roster.Api.GraphQL;

/// <summary>
/// A result as an answer: 200 once it was executed, 400 for what was not. Those who accept only <c>application/json</c>
/// get that type with 200, as the specification has it for them.
/// </summary>
internal sealed class GraphAnswer(ExecutionResult result, Asking asking) : IResult
{
    private const string Standard = "application/graphql-response+json";

    private static readonly GraphQLSerializer Serializer = new();

    public static GraphAnswer Refuse(string code, string message, Asking asking) =>
        new(new ExecutionResult { Errors = [new ExecutionError(message) { Code = code }] }, asking);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var isLegacy = IsLegacy(httpContext.Request);
        response.StatusCode = result.Executed || isLegacy ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        response.ContentType = isLegacy ? "application/json; charset=utf-8" : $"{Standard}; charset=utf-8";
        if (asking.HasWritten)
        {
            httpContext.Wrote(asking.After);
        }

        using var body = new MemoryStream(1024);
        await Serializer.WriteAsync(body, result, httpContext.RequestAborted);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), httpContext.RequestAborted);
    }

    private static bool IsLegacy(HttpRequest request)
    {
        var accepted = request.Headers.Accept;
        return accepted.Count > 0
            && MediaTypeHeaderValue.TryParseList([.. accepted.OfType<string>()], out var types)
            && types.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            && !types.Any(type => type.MediaType.Equals(Standard, StringComparison.OrdinalIgnoreCase));
    }
}
