using System.Text.Json;
using Xunit;

namespace Roster.Tests.Api.GraphQL;

/// <summary>How tests ask.</summary>
internal static class Graph
{
    /// <summary>Asks, whatever comes.</summary>
    public static Task<Answer> AskAsync(this ApiClient client, string query, object? variables = null, params (string Name, string Value)[] headers) =>
        client.PostAsync("/graphql", JsonSerializer.Serialize(new { query, variables }), headers);

    /// <summary>Asks, and gets data without errors.</summary>
    public static async Task<JsonElement> DataAsync(this ApiClient client, string query, object? variables = null, params (string Name, string Value)[] headers)
    {
        var answer = (await client.AskAsync(query, variables, headers)).Is(200);
        Assert.False(answer.Json.TryGetProperty("errors", out _), answer.ToString());
        return answer.Json.GetProperty("data");
    }

    /// <summary>The code of the first error.</summary>
    public static string? Code(this Answer answer) =>
        answer.Json.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();

    /// <summary>What is at a path of field names and indexes.</summary>
    public static JsonElement At(this JsonElement from, params object[] path) =>
        path.Aggregate(from, (at, step) => step is int index ? at[index] : at.GetProperty((string)step));
}
