using System.Text.Json;
using Roster.Tests.Api.Contract;
using Roster.Tests.Architecture;

namespace Roster.Tests.Events.Schemas;

/// <summary>The schemas of the folder <c>schemas</c>, and what was published of them.</summary>
internal static class EventSchemas
{
    public static string Folder { get; } = Path.Combine(Sources.Root, "schemas");

    public static string Published { get; } = Path.Combine(Folder, "published");

    /// <summary>Each schema by its type.</summary>
    public static IReadOnlyDictionary<string, JsonElement> All { get; } = Directory.EnumerateFiles(Folder, "*.json")
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, file => JsonElement.Parse(File.ReadAllBytes(file)), StringComparer.Ordinal);

    /// <summary>What is wrong with an event: what its schema forbids, and what it holds without the schema saying so.</summary>
    public static IReadOnlyList<string> Check(JsonElement cloudEvent) =>
        All.TryGetValue(cloudEvent.GetProperty("type").GetString()!, out var schema)
            ? new JsonSchema(schema, closed: true).Check(schema, cloudEvent)
            : [$"{cloudEvent.GetProperty("type")} has no schema"];
}
