using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Roster.Core.Json;

/// <summary>
/// JSON Merge Patch (RFC 7396, section 2) of one canonical object by another: both have their members sorted, so the two are
/// zipped into the canonical text of the result, and what does not change is copied as it stands.
/// </summary>
internal static class MergePatch
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    public static void Write(JsonElement target, JsonElement patch, IBufferWriter<byte> output)
    {
        // Against what is no object, a patch starts from {}: so its own nulls are dropped (RFC 7396, "MergePatch").
        var olds = new Members(target.ValueKind == JsonValueKind.Object ? target : Nothing);
        var news = new Members(patch);
        var empty = true;
        output.Write("{"u8);
        while (olds.Name is not null || news.Name is not null)
        {
            var order = olds.Name is null ? 1 : news.Name is null ? -1 : string.CompareOrdinal(olds.Name, news.Name);
            if (order < 0)
            {
                WriteName(olds.Current, ref empty, output);
                output.Write(JsonMarshal.GetRawUtf8Value(olds.Current.Value));
                olds.Next();
                continue;
            }

            var change = news.Current.Value;
            if (change.ValueKind != JsonValueKind.Null)
            {
                WriteName(news.Current, ref empty, output);
                if (change.ValueKind == JsonValueKind.Object)
                {
                    Write(order == 0 ? olds.Current.Value : Nothing, change, output);
                }
                else
                {
                    output.Write(JsonMarshal.GetRawUtf8Value(change));
                }
            }

            news.Next();
            if (order == 0)
            {
                olds.Next();
            }
        }

        output.Write("}"u8);
    }

    private static void WriteName(JsonProperty member, ref bool empty, IBufferWriter<byte> output)
    {
        output.Write(empty ? "\""u8 : ",\""u8);
        output.Write(JsonMarshal.GetRawUtf8PropertyName(member));
        output.Write("\":"u8);
        empty = false;
    }

    /// <summary>The members of an object, one at a time; the name is decoded once, and null after the last.</summary>
    private struct Members
    {
        private JsonElement.ObjectEnumerator _rest;

        public Members(JsonElement value)
        {
            _rest = value.EnumerateObject();
            Next();
        }

        public string? Name { get; private set; }

        public readonly JsonProperty Current => _rest.Current;

        public void Next() => Name = _rest.MoveNext() ? _rest.Current.Name : null;
    }
}
