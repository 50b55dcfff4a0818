using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Roster.Core.Json;

/// <summary>
/// A user's free JSON object, kept as its canonical text (RFC 8785; see <see cref="CanonicalJson"/>), so that equal objects are
/// equal texts on every engine. Immutable. A problem is one sentence about the value, without its name or a full stop.
/// </summary>
public sealed record Attributes
{
    /// <summary>The longest canonical text, in UTF-8 bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>The deepest nesting of objects and arrays; the object itself is depth 1.</summary>
    public const int MaxDepth = 8;

    private const string NoObject = "must be a JSON object";

    private Attributes(string json) => Json = json;

    /// <summary><c>{}</c></summary>
    public static Attributes Empty { get; } = new("{}");

    /// <summary>The canonical text.</summary>
    public string Json { get; }

    /// <summary>Takes a text that was <see cref="Json"/> before, as a store gives it back, and does not check it again.</summary>
    public static Attributes FromCanonical(string json) =>
        string.Equals(json, Empty.Json, StringComparison.Ordinal) ? Empty : new Attributes(json);

    /// <summary>
    /// Takes what a client sent: an object within <see cref="MaxBytes"/> and <see cref="MaxDepth"/> that has a canonical text.
    /// An empty object allocates nothing.
    /// </summary>
    public static bool TryParse(
        JsonElement value, [NotNullWhen(true)] out Attributes? attributes, [NotNullWhen(false)] out string? problem)
    {
        attributes = null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            problem = NoObject;
            return false;
        }

        if (value.GetPropertyCount() == 0)
        {
            attributes = Empty;
            problem = null;
            return true;
        }

        var text = new ArrayBufferWriter<byte>();
        return CanonicalJson.TryWrite(value, text, out problem) && TryKeep(text.WrittenSpan, out attributes, out problem);
    }

    /// <summary>
    /// Applies a JSON Merge Patch (RFC 7396): members that are null are removed, objects merge, all else replaces. The patch must
    /// be an object with a canonical text; the limits are those of the result. A patch that changes nothing gives this very instance.
    /// </summary>
    public bool TryMerge(
        JsonElement patch, [NotNullWhen(true)] out Attributes? merged, [NotNullWhen(false)] out string? problem)
    {
        merged = null;
        if (patch.ValueKind != JsonValueKind.Object)
        {
            problem = NoObject;
            return false;
        }

        if (patch.GetPropertyCount() == 0)
        {
            merged = this;
            problem = null;
            return true;
        }

        var changes = new ArrayBufferWriter<byte>();
        if (!CanonicalJson.TryWrite(patch, changes, out problem))
        {
            return false;
        }

        var text = new ArrayBufferWriter<byte>();
        using (var oldDocument = JsonDocument.Parse(Json))
        using (var newDocument = JsonDocument.Parse(changes.WrittenMemory))
        {
            MergePatch.Write(oldDocument.RootElement, newDocument.RootElement, text);
        }

        if (!TryKeep(text.WrittenSpan, out merged, out problem))
        {
            return false;
        }

        merged = merged == this ? this : merged;
        return true;
    }

    private static bool TryKeep(
        ReadOnlySpan<byte> canonical, [NotNullWhen(true)] out Attributes? attributes, [NotNullWhen(false)] out string? problem)
    {
        problem = canonical.Length > MaxBytes ? $"must be at most {MaxBytes} bytes as canonical JSON (has {canonical.Length})"
            : DepthOf(canonical) > MaxDepth ? $"must be nested at most {MaxDepth} deep"
            : null;
        attributes = problem is null ? FromCanonical(Encoding.UTF8.GetString(canonical)) : null;
        return attributes is not null;
    }

    private static int DepthOf(ReadOnlySpan<byte> json)
    {
        var deepest = 0;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                deepest = Math.Max(deepest, reader.CurrentDepth + 1);
            }
        }

        return deepest;
    }
}
