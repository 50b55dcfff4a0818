using Roster.Tests.Architecture;

namespace Roster.Tests.Deploy.Compose;

/// <summary>A file of <c>deploy/compose</c>, with what its services extend; maps are merged, lists and texts replaced.</summary>
internal sealed record ComposeFile(IReadOnlyDictionary<string, Dictionary<object, object>> Services)
{
    public static ComposeFile Read(string name)
    {
        var own = Yaml.Read(Path.Combine(Sources.Root, "deploy", "compose", $"{name}.yaml"));
        return new ComposeFile(own.Map("services").ToDictionary(
            service => (string)service.Key, service => Extended((Dictionary<object, object>)service.Value), StringComparer.Ordinal));
    }

    /// <summary>The services that run Roster's own image.</summary>
    public IEnumerable<KeyValuePair<string, Dictionary<object, object>>> OfRoster =>
        Services.Where(service => service.Value.Text("image")!.Contains("ROSTER_IMAGE", StringComparison.Ordinal));

    private static Dictionary<object, object> Extended(Dictionary<object, object> service)
    {
        var extends = service.Map("extends");
        return extends.Count == 0 ? service : Merge(Read(extends.Text("file")![..^".yaml".Length]).Services[extends.Text("service")!], service);
    }

    private static Dictionary<object, object> Merge(Dictionary<object, object> under, Dictionary<object, object> over)
    {
        var merged = new Dictionary<object, object>(under);
        foreach (var (key, value) in over)
        {
            merged[key] = value is Dictionary<object, object> map && merged.TryGetValue(key, out var old) && old is Dictionary<object, object> oldMap
                ? Merge(oldMap, map)
                : value;
        }

        return merged;
    }
}
