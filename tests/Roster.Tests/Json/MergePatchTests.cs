using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Roster.Core.Json;
using Xunit;

namespace Roster.Tests.Json;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"a":1,"e":null}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void An_example_of_RFC_7396_Appendix_A_merges_as_there(string target, string patch, string result) =>
        Assert.Equal(result, Merge(target, patch).Json);

    [Fact]
    public void Nulls_inside_an_array_are_values() =>
        Assert.Equal("""{"a":[null,{"b":null}]}""", Merge("""{"a":1}""", """{"a":[null,{"b":null}]}""").Json);

    [Fact]
    public void An_object_over_a_scalar_starts_empty() =>
        Assert.Equal("""{"a":{"c":1}}""", Merge("""{"a":1}""", """{"a":{"b":null,"c":1}}""").Json);

    [Fact]
    public void The_limits_are_those_of_the_result()
    {
        var big = Canonical.Attributes($"{{\"a\":\"{new string('x', 10_000)}\"}}");
        var more = JsonElement.Parse($"{{\"b\":\"{new string('x', 10_000)}\"}}");
        var other = JsonElement.Parse($"{{\"a\":null,\"b\":\"{new string('x', 10_000)}\"}}");
        var deep = JsonElement.Parse("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":null}}}}}}}}}");

        Assert.False(big.TryMerge(more, out _, out var problem));
        Assert.Equal("must be at most 16384 bytes as canonical JSON (has 20015)", problem);
        Assert.True(big.TryMerge(other, out _, out _));
        Assert.False(Attributes.Empty.TryMerge(deep, out _, out problem));
        Assert.Equal("must be nested at most 8 deep", problem);
    }

    [Theory]
    [InlineData("""{"a":{"b":null,"b":null}}""", "has the member /a/b twice")]
    [InlineData("""{"a":[1e400]}""", "the number at /a/0 cannot be kept exactly; send it as a string")]
    [InlineData("""{"\ud800":null}""", "a member name contains a lone surrogate")]
    public void A_patch_is_refused_for_what_it_says_even_where_it_only_removes(string patch, string problem)
    {
        Assert.False(Attributes.Empty.TryMerge(JsonElement.Parse(patch), out var merged, out var why));
        Assert.Null(merged);
        Assert.Equal(problem, why);
    }

    [Fact]
    public void A_patch_that_changes_nothing_gives_the_same_instance()
    {
        var target = Canonical.Attributes("""{"a":{"b":1}}""");

        foreach (var patch in (string[])["{}", """{"a":{"b":1.0}}""", """{"x":null}"""])
        {
            Assert.True(target.TryMerge(JsonElement.Parse(patch), out var merged, out _));
            Assert.Same(target, merged);
        }
    }

    [Fact]
    public void Merging_twice_is_merging_once() => Gen.Select(JsonGen.Object, JsonGen.Object).Sample((target, patch) =>
    {
        var once = Merge(target, patch);
        Assert.Equal(once, Merge(once.Json, patch));
    });

    [Fact]
    public void The_zipped_merge_equals_the_recursive_one() => Gen.Select(JsonGen.Object, JsonGen.Object).Sample((target, patch) =>
    {
        // The model works on trees, in the words of RFC 7396, section 2, and is canonicalised afterwards.
        var model = Model(JsonNode.Parse(target), JsonNode.Parse(patch))!.ToJsonString();
        Assert.Equal(Canonical.Text(model), Merge(target, patch).Json);
    });

    private static JsonNode? Model(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject ? target.DeepClone().AsObject() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Model(result[name], change);
            }
        }

        return result;
    }

    private static Attributes Merge(string target, string patch)
    {
        Assert.True(Canonical.Attributes(target).TryMerge(JsonElement.Parse(patch), out var merged, out var problem), problem);
        return merged;
    }
}
