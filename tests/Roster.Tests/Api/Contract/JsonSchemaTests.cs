using System.Text.Json;
using Xunit;

namespace Roster.Tests.Api.Contract;

public sealed class JsonSchemaTests
{
    private const string Definitions =
        """{ "a": { "properties": { "x": { "type": "integer" } }, "required": ["x"] }, "tree": { "properties": { "next": { "$ref": "#/tree" } } } }""";

    [Theory]
    [InlineData("""{ "type": "integer" }""", "3", "3.5")]
    [InlineData("""{ "type": "integer" }""", "3.0", "\"3\"")]
    [InlineData("""{ "type": "number", "minimum": 1, "maximum": 2 }""", "1", "0.9")]
    [InlineData("""{ "type": "number", "minimum": 1, "maximum": 2 }""", "2", "2.1")]
    [InlineData("""{ "type": ["string", "null"] }""", "null", "1")]
    [InlineData("""{ "type": "boolean" }""", "false", "0")]
    [InlineData("""{ "enum": ["a", 1] }""", "1", "\"b\"")]
    [InlineData("""{ "const": { "a": 1 } }""", """{ "a": 1 }""", """{ "a": 2 }""")]
    [InlineData("""{ "minLength": 1 }""", "\"a\"", "\"\"")]
    [InlineData("""{ "maxLength": 1 }""", "\"😀\"", "\"ab\"")]
    [InlineData("""{ "pattern": "^a" }""", "\"ab\"", "\"ba\"")]
    [InlineData("""{ "format": "uuid" }""", "\"01890a5d-ac96-774b-bcce-b302099a8057\"", "\"01890a5dac96774bbcceb302099a8057\"")]
    [InlineData("""{ "format": "date-time" }""", "\"2026-01-31T12:00:00.5Z\"", "\"2026-01-31 12:00:00Z\"")]
    [InlineData("""{ "format": "date-time" }""", "\"2026-01-31T12:00:00+02:00\"", "\"2026-02-31T12:00:00Z\"")]
    [InlineData("""{ "format": "email" }""", "\"a@b\"", "\"@b\"")]
    [InlineData("""{ "format": "int32" }""", "2147483647", "2147483648")]
    [InlineData("""{ "items": { "type": "null" } }""", "[null]", "[null, 1]")]
    [InlineData("""{ "minItems": 1, "maxItems": 2 }""", "[1]", "[]")]
    [InlineData("""{ "minItems": 1, "maxItems": 2 }""", "[1, 2]", "[1, 2, 3]")]
    [InlineData("""{ "required": ["a"] }""", """{ "a": null }""", """{ "b": 1 }""")]
    [InlineData("""{ "properties": { "a": { "type": "null" } } }""", """{ "b": 1 }""", """{ "a": 1 }""")]
    [InlineData("""{ "properties": { "a": {} }, "additionalProperties": false }""", """{ "a": 1 }""", """{ "b": 1 }""")]
    [InlineData("""{ "properties": { "a": {} }, "additionalProperties": { "type": "null" } }""", """{ "a": 1, "b": null }""", """{ "b": 1 }""")]
    [InlineData("""{ "$ref": "#/a" }""", """{ "x": 1 }""", "{}")]
    [InlineData("""{ "$ref": "#/a", "properties": { "x": { "const": 2 } } }""", """{ "x": 2 }""", """{ "x": 1 }""")]
    [InlineData("""{ "$ref": "#/tree" }""", """{ "next": { "next": {} } }""", """{ "next": { "next": { "more": 1 } } }""", true)]
    [InlineData("""{ "allOf": [{ "$ref": "#/a" }, { "properties": { "y": {} } }] }""", """{ "x": 1, "y": 2 }""", """{ "x": 1, "z": 2 }""", true)]
    [InlineData("""{ "anyOf": [{ "type": "null" }, { "$ref": "#/a" }] }""", """{ "x": 1 }""", "{}")]
    [InlineData("""{ "oneOf": [{ "type": "integer" }, { "minimum": 5 }] }""", "4", "6")]
    [InlineData("""{ "properties": { "a": { "additionalProperties": true } } }""", """{ "a": { "b": 1 } }""", """{ "b": 1 }""", true)]
    [InlineData("""{ "items": { "$ref": "#/a" } }""", """[{ "x": 1 }]""", """[{ "x": 1, "more": 1 }]""", true)]
    public void A_keyword_holds_for_one_value_and_not_for_the_other(string schema, string good, string bad, bool closed = false)
    {
        Assert.Empty(Check(schema, good, closed));
        Assert.NotEmpty(Check(schema, bad, closed));
    }

    [Theory]
    [InlineData("""{ "unevaluatedProperties": false }""")]
    [InlineData("""{ "format": "hostname" }""")]
    [InlineData("""{ "type": "text" }""")]
    [InlineData("""{ "nullable": true }""")]
    public void A_keyword_that_is_not_known_is_never_passed_over(string schema) =>
        Assert.Throws<NotSupportedException>(() => Check(schema, "\"x\"", closed: false));

    private static IReadOnlyList<string> Check(string schema, string value, bool closed)
    {
        var definitions = JsonElement.Parse(Definitions);
        return new JsonSchema(definitions, closed).Check(JsonElement.Parse(schema), JsonElement.Parse(value));
    }
}
