using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using Roster.Api.Http;

namespace Roster.Api.GraphQL;

/// <summary>A request as the GraphQL over HTTP specification has it; extensions that are not known are passed over.</summary>
/// <param name="Query">The document; null when it is a persisted one.</param>
/// <param name="Operation">Which operation of the document.</param>
/// <param name="Variables">Values of variables.</param>
/// <param name="PersistedHash">SHA-256 of the document in hexadecimal, for automatic persisted queries.</param>
internal sealed record GraphRequest(string? Query, string? Operation, Inputs Variables, string? PersistedHash)
{
    private static readonly GraphQLSerializer Json = new();

    public static GraphRequest Of(JsonElement body)
    {
        var variables = Field(body, "variables", JsonValueKind.Object, "an object");
        var persisted = Field(body, "extensions", JsonValueKind.Object, "an object") is { } extensions
            ? Field(extensions, "persistedQuery", JsonValueKind.Object, "an object") : null;
        return new GraphRequest(
            Text(body, "query"),
            Text(body, "operationName"),
            variables is { } sent ? Json.ReadNode<Inputs>(sent) ?? Inputs.Empty : Inputs.Empty,
            persisted is { } query ? Text(query, "sha256Hash")?.ToLowerInvariant() : null);
    }

    private static string? Text(JsonElement body, string name)
    {
        try
        {
            return Field(body, name, JsonValueKind.String, "a text")?.GetString();
        }
        catch (InvalidOperationException)
        {
            throw RefusedRequest.Malformed($"{name} is not valid text.");
        }
    }

    private static JsonElement? Field(JsonElement body, string name, JsonValueKind kind, string wanted) =>
        !body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value
        : throw RefusedRequest.WrongType(name, $"must be {wanted}");
}
