using System.Buffers;
using System.Text;
using System.Text.Json;
using Roster.Core.Json;
using Xunit;

namespace Roster.Tests.Json;

/// <summary>The unit under test as text in, text out.</summary>
internal static class Canonical
{
    public static string Text(string json)
    {
        var (text, problem) = Try(Encoding.UTF8.GetBytes(json));
        Assert.Null(problem);
        return text!;
    }

    public static string Problem(string json)
    {
        var (_, problem) = Try(Encoding.UTF8.GetBytes(json));
        Assert.NotNull(problem);
        return problem;
    }

    public static (string? Text, string? Problem) Try(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>();
        return CanonicalJson.TryWrite(document.RootElement, output, out var problem)
            ? (Encoding.UTF8.GetString(output.WrittenSpan), null)
            : (null, problem);
    }

    public static Attributes Attributes(string json)
    {
        Assert.True(Core.Json.Attributes.TryParse(JsonElement.Parse(json), out var attributes, out var problem), problem);
        return attributes;
    }
}
