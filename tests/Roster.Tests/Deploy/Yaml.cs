using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Roster.Tests.Deploy;

/// <summary>YAML as plain maps, lists and texts, with anchors and merge keys resolved.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().Build();

    public static Dictionary<object, object> Read(string path)
    {
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(path))));
        parser.Consume<StreamStart>();
        return Reader.Deserialize<Dictionary<object, object>>(parser);
    }

    /// <summary>A map in a map; empty when it is not there.</summary>
    public static Dictionary<object, object> Map(this Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) && value is Dictionary<object, object> inner ? inner : [];

    /// <summary>A text in a map; null when it is not there.</summary>
    public static string? Text(this Dictionary<object, object> map, string key) => map.TryGetValue(key, out var value) ? value as string : null;

    /// <summary>A list in a map; empty when it is not there.</summary>
    public static IReadOnlyList<object> List(this Dictionary<object, object> map, string key) =>
        map.TryGetValue(key, out var value) && value is List<object> list ? list : [];
}
