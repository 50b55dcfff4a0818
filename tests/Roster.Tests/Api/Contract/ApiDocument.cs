using System.Text.Json;
using Roster.Api;

namespace Roster.Tests.Api.Contract;

/// <summary>The OpenAPI document, and which of its operations a request goes to.</summary>
internal sealed class ApiDocument
{
    private readonly List<(string[] Segments, JsonElement Item, string Path)> paths;

    private ApiDocument(JsonElement root)
    {
        Root = root;
        paths = [.. root.GetProperty("paths").EnumerateObject()
            .Select(path => (path.Name[1..].Split('/'), path.Value, path.Name))
            .OrderBy(path => path.Name.Count(letter => letter == '{'))];
    }

    /// <summary>The one that is served.</summary>
    public static ApiDocument Served { get; } = new(JsonElement.Parse(Bytes()));

    public JsonElement Root { get; }

    /// <summary>All operations: <c>GET /users/{id}</c> and what is said of it.</summary>
    public IEnumerable<(string Name, JsonElement Operation)> Operations =>
        from path in paths
        from operation in OperationsOf(path)
        select ($"{operation.Name.ToUpperInvariant()} {path.Path}", operation.Value);

    /// <summary>The document as it is in the assembly.</summary>
    public static byte[] Bytes()
    {
        using var stream = typeof(RosterApi).Assembly.GetManifestResourceStream("Roster.Api.Docs.openapi.v1.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A part of <c>components</c>.</summary>
    public JsonElement Component(string kind, string name) => Root.GetProperty("components").GetProperty(kind).GetProperty(name);

    /// <summary>
    /// The operations that a path is for, by method in lower case; null when there is no such path. Fixed segments win
    /// over parameters: <c>GET /users/import</c> is that of <c>/users/{id}</c>, as only POST is fixed.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement>? At(string path)
    {
        var segments = (path.Length > 1 && path.EndsWith('/') ? path[..^1] : path)[1..].Split('/');
        var items = paths.Where(known =>
            known.Segments.Length == segments.Length && known.Segments.Zip(segments).All(pair => Fits(pair.First, pair.Second))).ToList();
        var operations = items.SelectMany(OperationsOf).DistinctBy(operation => operation.Name)
            .ToDictionary(operation => operation.Name, operation => operation.Value);
        return operations.Count == 0 ? null : operations;
    }

    private static IEnumerable<JsonProperty> OperationsOf((string[] Segments, JsonElement Item, string Path) path) =>
        path.Item.EnumerateObject().Where(member => member.Name != "parameters");

    private static bool Fits(string template, string segment) => template.StartsWith('{')
        ? segment.Length > 0
        : template.Equals(Uri.UnescapeDataString(segment), StringComparison.OrdinalIgnoreCase);
}
