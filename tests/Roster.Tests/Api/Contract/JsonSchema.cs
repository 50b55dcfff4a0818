using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Roster.Tests.Api.Contract;

/// <summary>
/// Checks JSON against schemas (JSON Schema 2020-12) of one document. It knows the keywords that our document uses, and
/// throws on any other: a rule that is not checked must not look as if it were. <c>format</c> is checked too.
/// </summary>
/// <param name="document">Where <c>$ref</c> points into.</param>
/// <param name="closed">Whether a property that no schema names is wrong: for answers, which must say all that they hold.</param>
internal sealed partial class JsonSchema(JsonElement document, bool closed)
{
    /// <summary>What is wrong with a value, a sentence each.</summary>
    public IReadOnlyList<string> Check(JsonElement schema, JsonElement value)
    {
        var wrong = new List<string>();
        Check(schema, value, "$", whole: true, wrong);
        return wrong;
    }

    /// <summary>What a local reference points at.</summary>
    public JsonElement Resolve(JsonElement schemaOrReference)
    {
        if (!schemaOrReference.TryGetProperty("$ref", out var reference))
        {
            return schemaOrReference;
        }

        var found = document;
        foreach (var step in reference.GetString()!.Split('/')[1..])
        {
            found = found.GetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        }

        return found;
    }

    private void Check(JsonElement schema, JsonElement value, string at, bool whole, List<string> wrong)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            CheckKeyword(keyword, schema, value, at, wrong);
        }

        if (closed && whole && value.ValueKind == JsonValueKind.Object && NamesOf(schema) is { } known)
        {
            wrong.AddRange(value.EnumerateObject().Where(property => !known.Contains(property.Name))
                .Select(property => $"{at}.{property.Name} is not in the schema"));
        }
    }

    private void CheckKeyword(JsonProperty keyword, JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        var rule = keyword.Value;
        var holds = keyword.Name switch
        {
            "$schema" or "$id" or "description" or "title" or "examples" or "default" => true,
            "$ref" => Passes(Resolve(schema), value, at, wrong),
            "allOf" => rule.EnumerateArray().All(part => Passes(part, value, at, wrong)),
            "anyOf" => rule.EnumerateArray().Any(part => Fits(part, value)),
            "oneOf" => rule.EnumerateArray().Count(part => Fits(part, value)) == 1,
            "type" => rule.ValueKind == JsonValueKind.Array
                ? rule.EnumerateArray().Any(type => IsOf(type.GetString()!, value)) : IsOf(rule.GetString()!, value),
            "enum" => rule.EnumerateArray().Any(allowed => JsonElement.DeepEquals(allowed, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= rule.GetDecimal(),
            "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= rule.GetDecimal(),
            "minLength" => value.ValueKind != JsonValueKind.String || LengthOf(value) >= rule.GetInt32(),
            "maxLength" => value.ValueKind != JsonValueKind.String || LengthOf(value) <= rule.GetInt32(),
            "pattern" => value.ValueKind != JsonValueKind.String
                || Regex.IsMatch(value.GetString()!, rule.GetString()!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
            "format" => value.ValueKind == JsonValueKind.Null || HasFormat(rule.GetString()!, value),
            "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= rule.GetInt32(),
            "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= rule.GetInt32(),
            "items" => CheckItems(rule, value, at, wrong),
            "required" => value.ValueKind != JsonValueKind.Object
                || rule.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => CheckProperties(rule, value, at, wrong),
            "additionalProperties" => CheckOthers(rule, schema, value, at, wrong),
            var unknown => throw new NotSupportedException($"The schema keyword \"{unknown}\" is not known here."),
        };
        if (!holds)
        {
            wrong.Add($"{at} breaks {keyword.Name}: {rule}");
        }
    }

    private bool Passes(JsonElement part, JsonElement value, string at, List<string> wrong)
    {
        Check(part, value, at, whole: false, wrong);
        return true;
    }

    private bool Fits(JsonElement part, JsonElement value)
    {
        var wrong = new List<string>();
        Check(part, value, "$", whole: true, wrong);
        return wrong.Count == 0;
    }

    private bool CheckItems(JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(schema, item, $"{at}[{i++}]", whole: true, wrong);
            }
        }

        return true;
    }

    private bool CheckProperties(JsonElement schemas, JsonElement value, string at, List<string> wrong)
    {
        foreach (var named in schemas.EnumerateObject())
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(named.Name, out var property))
            {
                Check(named.Value, property, $"{at}.{named.Name}", whole: true, wrong);
            }
        }

        return true;
    }

    private bool CheckOthers(JsonElement rule, JsonElement schema, JsonElement value, string at, List<string> wrong)
    {
        if (value.ValueKind != JsonValueKind.Object || rule.ValueKind == JsonValueKind.True)
        {
            return true;
        }

        var others = value.EnumerateObject().Where(property =>
            !schema.TryGetProperty("properties", out var named) || !named.TryGetProperty(property.Name, out _)).ToList();
        if (rule.ValueKind == JsonValueKind.False)
        {
            return others.Count == 0;
        }

        others.ForEach(other => Check(rule, other.Value, $"{at}.{other.Name}", whole: true, wrong));
        return true;
    }

    /// <summary>All names that a schema and its parts have for properties; null when it leaves them open.</summary>
    private HashSet<string>? NamesOf(JsonElement schema)
    {
        if (schema.TryGetProperty("additionalProperties", out _))
        {
            return null;
        }

        var parts = new List<JsonElement>();
        foreach (var combined in (string[])["allOf", "anyOf", "oneOf"])
        {
            parts.AddRange(schema.TryGetProperty(combined, out var list) ? list.EnumerateArray() : []);
        }

        if (schema.TryGetProperty("$ref", out _))
        {
            parts.Add(Resolve(schema));
        }

        var named = parts.ConvertAll(NamesOf);
        var own = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name) : null;
        return named.Contains(null) || (own is null && named.Count == 0)
            ? null : [.. own ?? [], .. named.SelectMany(names => names!)];
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new NotSupportedException($"The type \"{type}\" is not known here."),
    };

    private static bool HasFormat(string format, JsonElement value) => format switch
    {
        "uuid" => Guid.TryParseExact(value.GetString(), "D", out _),
        "date-time" => Rfc3339().IsMatch(value.GetString()!)
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, out _),
        "email" => value.GetString()!.Trim().IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < value.GetString()!.Trim().Length - 1,
        "int32" => value.TryGetInt32(out _),
        "int64" => value.TryGetInt64(out _),
        _ => throw new NotSupportedException($"The format \"{format}\" is not known here."),
    };

    private static int LengthOf(JsonElement text) => text.GetString()!.EnumerateRunes().Count();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rfc3339();
}
