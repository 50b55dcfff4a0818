using System.Text.Json;

namespace Roster.Tests.Events.Schemas;

/// <summary>
/// Whether a schema may take the place of a published one. New readers must understand the oldest event, and old readers
/// the newest: so what was said stays as it was said, and only properties that are not required may come.
/// </summary>
internal static class SchemaChange
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal) { "title", "description", "examples", "default" };

    /// <summary>Keywords that open an object, so that a property may come; where they are false nothing may.</summary>
    private static readonly string[] Closing = ["additionalProperties", "unevaluatedProperties"];

    /// <summary>A sentence for each thing that breaks a reader; none when the change is allowed.</summary>
    public static IReadOnlyList<string> Problems(JsonElement published, JsonElement next) => [.. Compare(published, next, "$")];

    private static IEnumerable<string> Compare(JsonElement published, JsonElement next, string at)
    {
        if (published.ValueKind != JsonValueKind.Object || next.ValueKind != JsonValueKind.Object)
        {
            return AreEqual(published, next) ? [] : [$"{at} is another schema"];
        }

        var keywords = published.EnumerateObject().Concat(next.EnumerateObject()).Select(keyword => keyword.Name)
            .Distinct(StringComparer.Ordinal).Where(keyword => !Annotations.Contains(keyword));
        return keywords.SelectMany(keyword => keyword switch
        {
            "properties" => CompareProperties(published, next, at),
            "required" => CompareRequired(published, next, at),
            "items" => Compare(Of(published, keyword), Of(next, keyword), $"{at}[]"),
            _ => AreEqual(Of(published, keyword), Of(next, keyword))
                ? [] : [$"{at}: {keyword} was {TextOf(published, keyword)} and is {TextOf(next, keyword)}"],
        });
    }

    private static IEnumerable<string> CompareProperties(JsonElement published, JsonElement next, string at)
    {
        var (before, after) = (Of(published, "properties"), Of(next, "properties"));
        foreach (var property in Members(before))
        {
            if (Of(after, property.Name) is { ValueKind: not JsonValueKind.Undefined } same)
            {
                foreach (var problem in Compare(property.Value, same, $"{at}.{property.Name}"))
                {
                    yield return problem;
                }
            }
            else
            {
                yield return $"{at}.{property.Name} is gone";
            }
        }

        if (Closing.Any(keyword => Of(published, keyword) is { ValueKind: not JsonValueKind.Undefined and not JsonValueKind.True }))
        {
            foreach (var property in Members(after).Where(property => Of(before, property.Name).ValueKind == JsonValueKind.Undefined))
            {
                yield return $"{at}.{property.Name} is new where old readers allow nothing new";
            }
        }
    }

    private static IEnumerable<string> CompareRequired(JsonElement published, JsonElement next, string at)
    {
        var (before, after) = (Names(published), Names(next));
        return
        [
            .. after.Except(before, StringComparer.Ordinal).Select(name => $"{at}.{name} is required now: old events may lack it"),
            .. before.Except(after, StringComparer.Ordinal).Select(name => $"{at}.{name} is required no more: old readers count on it"),
        ];
    }

    private static bool AreEqual(JsonElement one, JsonElement other) =>
        one.ValueKind == JsonValueKind.Undefined || other.ValueKind == JsonValueKind.Undefined
            ? one.ValueKind == other.ValueKind
            : JsonElement.DeepEquals(one, other);

    private static IEnumerable<JsonProperty> Members(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];

    private static IEnumerable<string> Names(JsonElement schema) =>
        Of(schema, "required") is { ValueKind: JsonValueKind.Array } names ? names.EnumerateArray().Select(name => name.GetString()!) : [];

    private static JsonElement Of(JsonElement schema, string keyword) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(keyword, out var value) ? value : default;

    private static string TextOf(JsonElement schema, string keyword) =>
        Of(schema, keyword) is { ValueKind: not JsonValueKind.Undefined } value ? value.GetRawText() : "absent";
}
