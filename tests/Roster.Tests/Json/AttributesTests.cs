using System.Text.Json;
using CsCheck;
using Roster.Core.Json;
using Xunit;

namespace Roster.Tests.Json;

public sealed class AttributesTests
{
    [Fact]
    public void An_empty_object_allocates_nothing()
    {
        var value = JsonElement.Parse(" { } ");
        Assert.True(Attributes.TryParse(value, out _, out _)); // warm

        var before = GC.GetAllocatedBytesForCurrentThread();
        var parsed = Attributes.TryParse(value, out var attributes, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(parsed);
        Assert.Same(Attributes.Empty, attributes);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"{}\"")]
    [InlineData("1")]
    public void Only_an_object_will_do(string json)
    {
        Assert.Equal("must be a JSON object", Refusal(json));
        Assert.False(Attributes.Empty.TryMerge(JsonElement.Parse(json), out _, out var problem));
        Assert.Equal("must be a JSON object", problem);
    }

    [Fact]
    public void The_size_is_that_of_the_canonical_UTF8_text()
    {
        var full = new string('é', (Attributes.MaxBytes - 8) / 2);

        var kept = Canonical.Attributes($"{{ \"a\" : {new string(' ', 20_000)} \"{full}\" }}");

        Assert.Equal(8 + full.Length, kept.Json.Length);
        Assert.Equal("must be at most 16384 bytes as canonical JSON (has 16385)", Refusal($"{{\"a\":\"{full}x\"}}"));
    }

    [Fact]
    public void Eight_levels_are_kept_and_nine_refused()
    {
        Assert.Equal(Nested(8), Canonical.Attributes(Nested(8)).Json);
        Assert.Equal("must be nested at most 8 deep", Refusal(Nested(9)));
        Assert.Equal("must be nested at most 8 deep", Refusal("{\"a\":[[[[[[[[]]]]]]]]}"));
    }

    [Fact]
    public void A_refused_member_is_named() =>
        Assert.Equal("has the member /a/b twice", Refusal("{\"a\":{\"b\":1,\"b\":2}}"));

    [Fact]
    public void Objects_that_mean_the_same_are_equal() =>
        Assert.Equal(Canonical.Attributes("{\"b\":1e2,\"a\":\"\\u0041\"}"), Canonical.Attributes("{ \"a\" : \"A\", \"b\" : 100.0 }"));

    [Fact]
    public void Parsing_canonical_text_again_gives_equal_attributes() => JsonGen.Object.Sample(json =>
    {
        var attributes = Canonical.Attributes(json);
        Assert.Equal(attributes, Canonical.Attributes(attributes.Json));
        Assert.Equal(attributes, Attributes.FromCanonical(attributes.Json));
    });

    private static string Refusal(string json)
    {
        Assert.False(Attributes.TryParse(JsonElement.Parse(json), out var attributes, out var problem));
        Assert.Null(attributes);
        return problem;
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
}
