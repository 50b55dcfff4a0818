using System.Text.Json;
using Xunit;

namespace Roster.Tests.Events.Schemas;

public sealed class SchemaChangeTests
{
    private const string Published =
        """
        { "$id": "urn:x", "title": "x", "type": "object", "required": ["a"], "properties": {
            "a": { "type": "string", "maxLength": 5, "description": "A." },
            "b": { "enum": ["x", "y"] },
            "c": { "type": "array", "items": { "type": "integer" } },
            "d": { "type": "object", "required": ["e"], "properties": { "e": { "const": 1 } } },
            "f": { "type": "object", "additionalProperties": false } } }
        """;

    [Theory]
    [InlineData("\"title\": \"x\"", "\"title\": \"y\"")]
    [InlineData("\"A.\"", "\"B.\"")]
    [InlineData("\"title\": \"x\",", "\"description\": \"x\", \"examples\": [{}],")]
    [InlineData("\"b\": {", "\"new\": { \"type\": \"string\" }, \"b\": {")]
    [InlineData("\"e\": {", "\"new\": {}, \"e\": {")]
    public void This_is_allowed(string part, string instead) => Assert.Empty(Problems(part, instead));

    [Theory]
    [InlineData("\"b\": { \"enum\": [\"x\", \"y\"] },", "", "$.b is gone")]
    [InlineData("\"e\": { \"const\": 1 }", "", "$.d.e is gone")]
    [InlineData("\"string\", \"max", "\"integer\", \"max", "$.a: type was \"string\" and is \"integer\"")]
    [InlineData("\"string\", \"maxLength\": 5", "[\"string\", \"null\"], \"maxLength\": 5", "$.a: type was \"string\"")]
    [InlineData("\"maxLength\": 5", "\"maxLength\": 4", "$.a: maxLength was 5 and is 4")]
    [InlineData("\"maxLength\": 5", "\"maxLength\": 6", "$.a: maxLength was 5 and is 6")]
    [InlineData(", \"maxLength\": 5", "", "$.a: maxLength was 5 and is absent")]
    [InlineData("\"maxLength\": 5", "\"maxLength\": 5, \"pattern\": \"^a\"", "$.a: pattern was absent")]
    [InlineData("\"maxLength\": 5", "\"maxLength\": 5, \"format\": \"uuid\"", "$.a: format was absent")]
    [InlineData("[\"x\", \"y\"]", "[\"x\"]", "$.b: enum was")]
    [InlineData("[\"x\", \"y\"]", "[\"x\", \"y\", \"z\"]", "$.b: enum was")]
    [InlineData("\"const\": 1", "\"const\": 2", "$.d.e: const was 1 and is 2")]
    [InlineData("[\"a\"]", "[\"a\", \"b\"]", "$.b is required now: old events may lack it")]
    [InlineData("[\"a\"]", "[]", "$.a is required no more: old readers count on it")]
    [InlineData("\"required\": [\"e\"], ", "", "$.d.e is required no more")]
    [InlineData("{ \"type\": \"integer\" }", "{ \"type\": \"number\" }", "$.c[]: type was \"integer\" and is \"number\"")]
    [InlineData(", \"items\": { \"type\": \"integer\" }", "", "$.c[] is another schema")]
    [InlineData("\"additionalProperties\": false", "\"additionalProperties\": true", "$.f: additionalProperties was false")]
    [InlineData("\"additionalProperties\": false", "\"additionalProperties\": false, \"properties\": { \"g\": {} }", "$.f.g is new where")]
    [InlineData("\"$id\": \"urn:x\"", "\"$id\": \"urn:y\"", "$: $id was")]
    [InlineData("\"title\": \"x\",", "\"unheardOf\": 1,", "$: unheardOf was absent and is 1")]
    public void This_is_refused(string part, string instead, string why) =>
        Assert.StartsWith(why, Assert.Single(Problems(part, instead)), StringComparison.Ordinal);

    [Fact]
    public void Requiring_a_new_property_is_refused() =>
        Assert.Equal(
            ["$.new is required now: old events may lack it"],
            Problems("[\"a\"], \"properties\": {", "[\"a\", \"new\"], \"properties\": { \"new\": {},"));

    private static IReadOnlyList<string> Problems(string part, string instead)
    {
        Assert.Contains(part, Published, StringComparison.Ordinal);
        var at = Published.IndexOf(part, StringComparison.Ordinal);
        return SchemaChange.Problems(
            JsonElement.Parse(Published), JsonElement.Parse(Published.Remove(at, part.Length).Insert(at, instead)));
    }
}
