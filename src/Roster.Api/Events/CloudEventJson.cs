using System.Buffers;
using System.Text.Json;
using Roster.Api.Users;
using Roster.Core.Events;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Api.Events;

/// <summary>An event as CloudEvents 1.0 JSON (CNCF CloudEvents, JSON format 3), with the sequence extension.</summary>
public static class CloudEventJson
{
    /// <summary>UTF-8 JSON.</summary>
    public static ReadOnlyMemory<byte> Encode(RecordedEvent recorded)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, UserJson.WriterOptions);
        writer.WriteStartObject();
        writer.WriteString("specversion"u8, "1.0"u8);
        writer.WriteString("id"u8, recorded.Id);
        writer.WriteString("source"u8, "/roster"u8);
        writer.WriteString("type"u8, recorded.What.Type);
        writer.WriteString("subject"u8, recorded.User.Value);
        writer.WriteString("time"u8, recorded.At.UtcDateTime);
        writer.WriteString("datacontenttype"u8, "application/json"u8);
        writer.WriteString("sequence"u8, recorded.Sequence.ToString());
        writer.WriteString("actor"u8, recorded.Actor);
        writer.WriteStartObject("data"u8);
        WriteData(writer, recorded);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteData(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        if (recorded.What is PostEvent post)
        {
            writer.WriteString("postId"u8, post.Post.Value);
        }

        writer.WriteNumber("version"u8, recorded.Version);
        switch (recorded.What)
        {
            case SignedUp e:
                writer.WriteString("name"u8, e.Name);
                writer.WriteString("email"u8, e.Email);
                WriteAttributes(writer, e.Attributes);
                WriteOptional(writer, "source", e.Source);
                break;
            case ProfileChanged e:
                WriteOptional(writer, "name", e.Name);
                WriteAttributes(writer, e.Attributes);
                break;
            case EmailChanged e:
                writer.WriteString("email"u8, e.Email);
                writer.WriteString("previous"u8, e.Previous);
                break;
            case PostPublished e:
                writer.WriteString("text"u8, e.Text);
                break;
            case PostEdited e:
                writer.WriteString("text"u8, e.Text);
                break;
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void WriteAttributes(Utf8JsonWriter writer, Attributes? attributes)
    {
        if (attributes is not null)
        {
            writer.WritePropertyName("attributes"u8);
            writer.WriteRawValue(attributes.Json, skipInputValidation: true);
        }
    }
}
