using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Docs;
using Roster.Api.Http;

namespace Roster.Api.Events;

/// <summary><c>GET /schemas/{name}</c>: the files of the folder <c>schemas</c>, out of this program; an event's type is a name too.</summary>
internal static class SchemasEndpoints
{
    private const string Prefix = "Roster.Api.Schemas.";
    private const string Extension = ".json";

    private static readonly Assembly Here = typeof(SchemasEndpoints).Assembly;

    private static readonly FrozenDictionary<string, ServedFile> ByType = Here.GetManifestResourceNames()
        .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(
            resource => resource[Prefix.Length..^Extension.Length],
            resource => ServedFile.Of(Here, resource, "application/schema+json", gzipped: false),
            StringComparer.Ordinal);

    public static void MapSchemas(this IEndpointRouteBuilder routes) => routes.MapGet("/schemas/{name}", Get).IsOpen();

    private static Microsoft.AspNetCore.Http.IResult Get(string name) =>
        ByType.TryGetValue(name.EndsWith(Extension, StringComparison.Ordinal) ? name[..^Extension.Length] : name, out var schema)
            ? schema
            : Problem.NotFound("schema");
}
