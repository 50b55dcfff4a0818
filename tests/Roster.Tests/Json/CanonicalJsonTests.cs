using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Roster.Core.Json;
using Xunit;

namespace Roster.Tests.Json;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Objects_are_written_as_another_engine_writes_them()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Json", "Data", "objects.ndjson"));

        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var vector = JsonElement.Parse(line);
            Assert.Equal(vector.GetProperty("canonical").GetString(), Canonical.Text(vector.GetProperty("sent").GetString()!));
        });
    }

    [Theory]
    [InlineData(" [ ] ", "[]")]
    [InlineData("{ \"b\" : 1 , \"a\" : [ true , false , null ] }", "{\"a\":[true,false,null],\"b\":1}")]
    [InlineData("\"\\u0008\\u000c\\u000A\\u000d\\u0009\\u0001\\u001F\\u007f\"", "\"\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\"")]
    [InlineData("\"\\u0022\\u005c\\u002f\\/\\u20ac\\uD83d\\ude00\"", "\"\\\"\\\\//€😀\"")]
    [InlineData("\"<&>'\u2028\"", "\"<&>'\u2028\"")]
    public void Text_is_written_with_no_more_than_it_needs(string json, string text) => Assert.Equal(text, Canonical.Text(json));

    [Fact]
    public void Members_are_sorted_by_UTF16_code_units_not_by_code_points()
    {
        // U+FFFF sorts after U+10000, whose first code unit is D800; in UTF-8 it is the other way round.
        Assert.Equal("{\"1\":0,\"10\":0,\"9\":0,\"\ud800\udc00\":0,\"\uffff\":0}",
            Canonical.Text("{\"\uffff\":0,\"9\":0,\"\\ud800\\udc00\":0,\"10\":0,\"1\":0}"));
    }

    [Theory]
    [InlineData("{\"a\":{\"b\":1,\"c\":2,\"b\":1}}", "has the member /a/b twice")]
    [InlineData("{\"a\":1,\"\\u0061\":1}", "has the member /a twice")]
    [InlineData("[{},{\"a/b~c\":1,\"a\\/b~c\":1}]", "has the member /1/a~1b~0c twice")]
    [InlineData("\"\\u0000\"", "the string contains U+0000")]
    [InlineData("{\"a\":[\"x\\u0000\"]}", "the string at /a/0 contains U+0000")]
    [InlineData("{\"a\":\"\\ud800\"}", "the string at /a contains a lone surrogate")]
    [InlineData("{\"a\":\"\\ud800x\"}", "the string at /a contains a lone surrogate")]
    [InlineData("{\"a\":\"\\ud800\\n\"}", "the string at /a contains a lone surrogate")]
    [InlineData("{\"a\":\"\\ud800\\ud800\\udc00\"}", "the string at /a contains a lone surrogate")]
    [InlineData("{\"a\":\"\\udc00\\ud800\"}", "the string at /a contains a lone surrogate")]
    [InlineData("{\"\\ud800\":1}", "a member name contains a lone surrogate")]
    [InlineData("{\"a\":{\"\\u0000\":1}}", "a member name in /a contains U+0000")]
    public void What_could_not_be_given_back_is_refused_with_its_place(string json, string problem) =>
        Assert.Equal(problem, Canonical.Problem(json));

    [Fact]
    public void A_refusal_does_not_echo_a_long_place_or_cut_a_pair_in_two()
    {
        var name = new string('x', 198) + "😀" + new string('x', 100_000);

        Assert.Equal($"has the member /{new string('x', 198)}… twice", Canonical.Problem($"{{\"{name}\":1,\"{name}\":1}}"));
    }

    [Fact]
    public void Nesting_is_walked_to_a_bound_only()
    {
        var deep = Encoding.UTF8.GetBytes(new string('[', 5000) + new string(']', 5000));
        using var document = JsonDocument.Parse(deep, new JsonDocumentOptions { MaxDepth = 6000 });

        Assert.False(CanonicalJson.TryWrite(document.RootElement, new ArrayBufferWriter<byte>(), out var problem));
        Assert.Equal("must be nested at most 64 deep", problem);
        Assert.Equal(128, Canonical.Text(new string('[', 64) + new string(']', 64)).Length);
    }

    [Fact]
    public void No_value_at_all_is_a_refusal() =>
        Assert.False(CanonicalJson.TryWrite(default, new ArrayBufferWriter<byte>(), out _));

    [Fact]
    public void Broken_UTF8_is_a_refusal() =>
        Assert.Equal("the string at /0 is not valid UTF-8", Canonical.Try((byte[])[.. "[\""u8, 0xff, .. "\"]"u8]).Problem);

    [Fact]
    public void Canonicalising_is_idempotent() => JsonGen.Object.Sample(json =>
    {
        var text = Canonical.Text(json);
        Assert.Equal(text, Canonical.Text(text));
    });

    [Fact]
    public void Canonicalising_keeps_the_value() => JsonGen.Object.Sample(json =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(Canonical.Text(json)))));

    [Fact]
    public void No_document_makes_it_throw()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"a\":", "\\u", "\\ud83d", "\\ude00", "\\u0000", "\\/", "d8",
            "0", "-0", ".5", "e", "E-400", "1", "9007199254740993", "null", "true", "\u00ff",
        ];
        var parsed = 0;
        var raw = Gen.OneOf<byte[]>(
            Gen.OneOf(pieces).Array[1, 12].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))),
            Gen.OneOf(pieces).Array[1, 6].Select(parts => Encoding.UTF8.GetBytes("[\"" + string.Concat(parts) + "\"]")),
            Gen.OneOf(pieces).Array[1, 6].Select(parts => Encoding.UTF8.GetBytes("{\"" + string.Concat(parts) + "\":0}")),
            Gen.Byte.Array[1, 6].Select(bytes => (byte[])[.. "[\""u8, .. bytes, .. "\"]"u8]));
        raw.Sample(json =>
        {
            try
            {
                using var document = JsonDocument.Parse(json);
            }
            catch (JsonException)
            {
                return;
            }

            Interlocked.Increment(ref parsed);
            var (text, problem) = Canonical.Try(json);
            Assert.True(text is null != problem is null);
            var value = JsonElement.Parse(json);
            Assert.Equal(problem is null && value.ValueKind == JsonValueKind.Object, Attributes.TryParse(value, out _, out _));
            Assert.Equal(problem is null && value.ValueKind == JsonValueKind.Object, Attributes.Empty.TryMerge(value, out _, out _));
        }, iter: 20_000);
        Assert.True(parsed > 2000, $"Only {parsed} of the documents were JSON.");
    }
}
