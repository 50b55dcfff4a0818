using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>A user as the API shows it; made once per state, for caches and answers alike.</summary>
public static class UserJson
{
    internal static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Encode(User user)
    {
        var buffer = new ArrayBufferWriter<byte>(384);
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("id"u8, user.Id.Value);
        writer.WriteString("name"u8, user.Name);
        writer.WriteString("email"u8, user.Email);
        writer.WritePropertyName("attributes"u8);
        writer.WriteRawValue(user.Attributes.Json, skipInputValidation: true);
        writer.WriteString("status"u8, NameOf(user.Status));
        writer.WriteNumber("version"u8, user.Version);
        writer.WriteString("createdAt"u8, user.CreatedAt.UtcDateTime);
        writer.WriteString("updatedAt"u8, user.UpdatedAt.UtcDateTime);
        if (user.DeletedAt is { } deletedAt)
        {
            writer.WriteString("deletedAt"u8, deletedAt.UtcDateTime);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>A status on the wire.</summary>
    public static string NameOf(UserStatus status) => status switch
    {
        UserStatus.Active => "active",
        UserStatus.Suspended => "suspended",
        _ => "deleted",
    };
}
