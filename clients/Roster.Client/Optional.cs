using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Roster.Client;

/// <summary>A value that may be left out, which is something else than null.</summary>
public readonly record struct Optional<T>
    where T : class
{
    /// <summary>Set, to a value or to null.</summary>
    public Optional(T? value) => (IsSet, Value) = (true, value);

    /// <summary>Whether it is to be sent.</summary>
    public bool IsSet { get; }

    public T? Value { get; }
}

internal sealed class OptionalObjectConverter : JsonConverter<Optional<JsonObject>>
{
    public override bool HandleNull => true;

    public override Optional<JsonObject> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonNode.Parse(ref reader) as JsonObject);

    public override void Write(Utf8JsonWriter writer, Optional<JsonObject> value, JsonSerializerOptions options)
    {
        if (value.Value is { } set)
        {
            set.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
