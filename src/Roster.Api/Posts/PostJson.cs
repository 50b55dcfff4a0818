using System.Buffers;
using System.Text.Json;
using Roster.Api.Users;
using Roster.Core.Posts;

namespace Roster.Api.Posts;

/// <summary>A post as the API shows it.</summary>
public static class PostJson
{
    /// <summary>UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Encode(Post post)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + post.Text.Length);
        using var writer = new Utf8JsonWriter(buffer, UserJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("id"u8, post.Id.Value);
        writer.WriteString("userId"u8, post.User.Value);
        writer.WriteString("text"u8, post.Text);
        writer.WriteNumber("version"u8, post.Version);
        writer.WriteString("createdAt"u8, post.CreatedAt.UtcDateTime);
        writer.WriteString("updatedAt"u8, post.UpdatedAt.UtcDateTime);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }
}
