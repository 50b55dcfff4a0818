using System.Buffers;
using System.Text.Json;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>The answer of <c>POST /users:get</c>: <c>{ "users": […], "missing": [ids] }</c>, in the order asked for, each once.</summary>
internal static class FoundAndMissing
{
    public static ReadOnlyMemory<byte> Encode(IReadOnlyList<string> sent, IReadOnlyList<Read<User>?> found)
    {
        var users = found.OfType<Read<User>>().ToList();
        var known = users.Select(user => user.State.Id).ToHashSet();
        var buffer = new ArrayBufferWriter<byte>(64 + (users.Count * 320));
        using var writer = new Utf8JsonWriter(buffer, UserJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteStartArray("users"u8);
        foreach (var user in users)
        {
            writer.WriteRawValue(user.Body.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("missing"u8);
        foreach (var text in sent.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!UserId.TryParse(text, out var id) || !known.Contains(id))
            {
                writer.WriteStringValue(text);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
