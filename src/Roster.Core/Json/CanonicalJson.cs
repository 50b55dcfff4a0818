using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Roster.Core.Json;

/// <summary>
/// The one text of a JSON value (JSON Canonicalization Scheme, RFC 8785): no white space, members sorted by the UTF-16 code
/// units of their names, numbers as ECMAScript prints them, only the escapes JSON cannot do without (RFC 8259, section 7).
/// </summary>
/// <remarks>
/// Stricter than RFC 8785 where a value could not be given back as it was sent: see <see cref="TryWrite"/>.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The deepest nesting that is walked; a scalar is depth 0, <c>{}</c> and <c>[]</c> are depth 1.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// Writes the canonical UTF-8 text of <paramref name="value"/>, or says why it is refused: a member that occurs twice
    /// (after unescaping), a number that an IEEE double does not keep (its shortest text must denote exactly the decimal that
    /// was written: 1e2 and 1.0 do, 12345678901234567890 and 1e400 do not; -0 becomes 0), a lone surrogate, U+0000 or broken
    /// UTF-8 in a name or a string, nesting deeper than <see cref="MaxDepth"/>. Never throws for what the document says.
    /// </summary>
    /// <param name="value">Any value of a document that still lives.</param>
    /// <param name="output">Receives the text; after a refusal it may hold the beginning of one.</param>
    /// <param name="problem">One sentence without a subject's name or a full stop; places are JSON Pointers (RFC 6901).</param>
    public static bool TryWrite(JsonElement value, IBufferWriter<byte> output, [NotNullWhen(false)] out string? problem)
    {
        problem = Write(value, output, depth: 1)?.Sentence();
        return problem is null;
    }

    private static Refusal? Write(JsonElement value, IBufferWriter<byte> output, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth:
                return Refusal.TooDeep(MaxDepth);
            case JsonValueKind.Object:
                return WriteObject(value, output, depth);
            case JsonValueKind.Array:
                return WriteArray(value, output, depth);
            case JsonValueKind.String:
                var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
                if (CanonicalString.FindFlaw(text) is { } flaw)
                {
                    return Refusal.String(flaw);
                }

                CanonicalString.Write(text, output);
                return null;
            case JsonValueKind.Number:
                return CanonicalNumber.TryWrite(JsonMarshal.GetRawUtf8Value(value), output) ? null : Refusal.Number();
            case JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                output.Write(JsonMarshal.GetRawUtf8Value(value));
                return null;
            default:
                return Refusal.NoValue();
        }
    }

    private static Refusal? WriteArray(JsonElement array, IBufferWriter<byte> output, int depth)
    {
        output.Write("["u8);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (index > 0)
            {
                output.Write(","u8);
            }

            if (Write(item, output, depth + 1) is { } refusal)
            {
                return refusal.Inside(index);
            }

            index++;
        }

        output.Write("]"u8);
        return null;
    }

    private static Refusal? WriteObject(JsonElement value, IBufferWriter<byte> output, int depth)
    {
        var count = value.GetPropertyCount();
        if (count == 0)
        {
            output.Write("{}"u8);
            return null;
        }

        var names = new string[count];
        var members = new JsonProperty[count];
        if (Sort(value, names, members) is { } flaw)
        {
            return flaw;
        }

        for (var i = 0; i < count; i++)
        {
            output.Write(i == 0 ? "{"u8 : ","u8);
            CanonicalString.Write(JsonMarshal.GetRawUtf8PropertyName(members[i]), output);
            output.Write(":"u8);
            if (Write(members[i].Value, output, depth + 1) is { } refusal)
            {
                return refusal.Inside(names[i]);
            }
        }

        output.Write("}"u8);
        return null;
    }

    private static Refusal? Sort(JsonElement value, string[] names, JsonProperty[] members)
    {
        var filled = 0;
        foreach (var member in value.EnumerateObject())
        {
            // First the check: asking for the name of a lone surrogate throws.
            if (CanonicalString.FindFlaw(JsonMarshal.GetRawUtf8PropertyName(member)) is { } flaw)
            {
                return Refusal.Name(flaw);
            }

            names[filled] = member.Name;
            members[filled++] = member;
        }

        Array.Sort(names, members, StringComparer.Ordinal);
        for (var i = 1; i < names.Length; i++)
        {
            if (string.Equals(names[i - 1], names[i], StringComparison.Ordinal))
            {
                return Refusal.Twice().Inside(names[i]);
            }
        }

        return null;
    }
}
