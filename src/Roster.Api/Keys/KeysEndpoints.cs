using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Core.Keys;
using Roster.Core.Storage;

namespace Roster.Api.Keys;

/// <summary>API keys over HTTP, for administrators.</summary>
internal static class KeysEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/keys", Create).Needs(Scopes.Admin);
        routes.MapGet("/keys", List).Needs(Scopes.Admin);
        routes.MapDelete("/keys/{id}", Revoke).Needs(Scopes.Admin);
    }

    private static async Task<IResult> Create(HttpContext http, ManageKeys keys, KeyRing ring)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http, "application/json"), "name", "scopes", "expiresAt");
        var request = new ManageKeys.Request(fields.Text("name"), fields.Texts("scopes", maxCount: 32), Time(fields, "expiresAt"));
        if (await keys.CreateAsync(request, http.Caller().Tenant, fields.Errors, http.RequestAborted) is not { } issued)
        {
            return Problem.Of(RefusedRequest.Invalid(fields.Errors));
        }

        await ring.RefreshAsync(CancellationToken.None);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(KeyView.Of(issued.Key, issued.Token), KeyJson.Default.KeyView, statusCode: 201);
    }

    private static async Task<IResult> List(HttpContext http, ManageKeys keys) =>
        TypedResults.Json(
            [.. (await keys.ListAsync(http.RequestAborted)).Select(key => KeyView.Of(key))], KeyJson.Default.KeyViewArray);

    private static async Task<IResult> Revoke(string id, HttpContext http, ManageKeys keys, KeyRing ring)
    {
        if (!await keys.RevokeAsync(id, http.RequestAborted))
        {
            return Problem.NotFound("key");
        }

        await ring.RefreshAsync(CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static DateTimeOffset? Time(JsonFields fields, string name)
    {
        if (fields.Value(name) is null or { ValueKind: System.Text.Json.JsonValueKind.Null })
        {
            return null;
        }

        return Rfc3339.TryParse(fields.Text(name), out var time) ? time : throw RefusedRequest.WrongType(name, Rfc3339.Rule);
    }
}

/// <summary>A key as the API shows it; the secret only in the answer that made it.</summary>
internal sealed record KeyView(
    string Id,
    string Name,
    IReadOnlyList<string> Scopes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret,
    DateTime CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTime? ExpiresAt)
{
    public static KeyView Of(ApiKey key, string? token = null) =>
        new(key.Id, key.Name, key.Scopes, token, key.CreatedAt.UtcDateTime, key.ExpiresAt?.UtcDateTime);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyView[]))]
internal sealed partial class KeyJson : JsonSerializerContext;
