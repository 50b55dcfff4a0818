using System.Text.Json.Serialization;

namespace Roster.Lab.Histories;

/// <summary>A line of a history: what a client did, or what was there in the end.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "line")]
[JsonDerivedType(typeof(Operation), "operation")]
[JsonDerivedType(typeof(FinalWrite), "write")]
[JsonDerivedType(typeof(FinalOwner), "owner")]
public abstract record HistoryLine
{
    /// <summary>Where it was read, <c>FILE:LINE</c>; null for what was never in a file.</summary>
    [JsonIgnore]
    public string? Source { get; init; }
}
