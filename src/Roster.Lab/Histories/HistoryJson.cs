using System.Text.Json;
using System.Text.Json.Serialization;

namespace Roster.Lab.Histories;

/// <summary>Lines of a history as JSON (<c>docs/histories.md</c>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(HistoryLine))]
public sealed partial class HistoryJson : JsonSerializerContext
{
    /// <summary>A line, without its end.</summary>
    public static string Write(HistoryLine line) => JsonSerializer.Serialize(line, Default.HistoryLine);

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static HistoryLine Read(string line) => JsonSerializer.Deserialize(line, Default.HistoryLine) ?? throw new JsonException("The line is null.");
}
