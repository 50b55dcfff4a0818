using System.Buffers;
using System.Text.Json;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Core.Events;

/// <summary>
/// An event's own data as two JSON objects: what may be seen by anyone who runs the system, and the person's own
/// fields, which stand apart so that they can be encrypted under a per-user key later without rewriting history.
/// Empty parts are empty memory, not <c>{}</c>.
/// </summary>
/// <param name="Open">Source and the like.</param>
/// <param name="Personal">Name, e-mail, attributes, text.</param>
public readonly record struct EventPayload(ReadOnlyMemory<byte> Open, ReadOnlyMemory<byte> Personal)
{
    /// <summary>The key that encrypts personal parts; a constant until encryption comes.</summary>
    public const int PersonalKeyId = 0;

    private static readonly byte[] ImportSource = """{"source":"import"}"""u8.ToArray();

    /// <summary>The two parts of an event.</summary>
    public static EventPayload Of(DomainEvent what) => what switch
    {
        SignedUp e => new(OpenOf(e.Source), Json(w => WriteSignedUp(w, e))),
        ProfileChanged e => new(default, Json(w => WriteProfile(w, e.Name, e.Attributes))),
        EmailChanged e => new(default, Json(w =>
        {
            w.WriteString("email"u8, e.Email);
            w.WriteString("previous"u8, e.Previous);
        })),
        PostPublished e => new(default, Json(w => w.WriteString("text"u8, e.Text))),
        PostEdited e => new(default, Json(w => w.WriteString("text"u8, e.Text))),
        _ => default,
    };

    /// <summary>The event that was written as these parts.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="post">The post it names, if any.</param>
    /// <param name="payload">Its parts.</param>
    /// <exception cref="InvalidDataException">No event of ours has this type or shape.</exception>
    public static DomainEvent Read(string type, PostId? post, EventPayload payload)
    {
        try
        {
            using var open = Parse(payload.Open);
            using var personal = Parse(payload.Personal);
            return (type, post) switch
            {
                (SignedUp.TypeName, null) => new SignedUp(
                    Needed(personal, "name"), Needed(personal, "email"), NeededAttributes(personal), Text(open, "source")),
                (ProfileChanged.TypeName, null) => new ProfileChanged(Text(personal, "name"), AttributesOf(personal)),
                (EmailChanged.TypeName, null) => new EmailChanged(Needed(personal, "email"), Needed(personal, "previous")),
                (Suspended.TypeName, null) => new Suspended(),
                (Reactivated.TypeName, null) => new Reactivated(),
                (UserDeleted.TypeName, null) => new UserDeleted(),
                (PostPublished.TypeName, { } id) => new PostPublished(id, Needed(personal, "text")),
                (PostEdited.TypeName, { } id) => new PostEdited(id, Needed(personal, "text")),
                (PostDeleted.TypeName, { } id) => new PostDeleted(id),
                _ => throw new InvalidDataException($"Unknown event type {type}: written by a newer version?"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"An event of type {type} has not the shape of one.", e);
        }
    }

    private static ReadOnlyMemory<byte> OpenOf(string? source) => source switch
    {
        null => default,
        "import" => ImportSource,
        _ => Json(w => w.WriteString("source"u8, source)),
    };

    private static void WriteSignedUp(Utf8JsonWriter writer, SignedUp e)
    {
        WriteProfile(writer, e.Name, e.Attributes);
        writer.WriteString("email"u8, e.Email);
    }

    private static void WriteProfile(Utf8JsonWriter writer, string? name, Attributes? attributes)
    {
        if (name is not null)
        {
            writer.WriteString("name"u8, name);
        }

        if (attributes is not null)
        {
            writer.WritePropertyName("attributes"u8);
            writer.WriteRawValue(attributes.Json, skipInputValidation: true);
        }
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> part) => part.IsEmpty ? null : JsonDocument.Parse(part);

    private static string? Text(JsonDocument? part, string name) =>
        part is not null && part.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Needed(JsonDocument? part, string name) =>
        Text(part, name) ?? throw new InvalidDataException($"An event lacks its {name}.");

    private static Attributes NeededAttributes(JsonDocument? part) =>
        AttributesOf(part) ?? throw new InvalidDataException("An event lacks its attributes.");

    private static Attributes? AttributesOf(JsonDocument? part) =>
        part is not null && part.RootElement.TryGetProperty("attributes", out var value)
            ? Attributes.FromCanonical(value.GetRawText())
            : null;
}
