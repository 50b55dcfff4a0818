using System.Text.Json;

namespace Roster.Lab.Patroni;

/// <summary>A cluster as one of its members sees it (<c>GET /cluster</c>).</summary>
/// <param name="Leader">Who leads; null when nobody does.</param>
/// <param name="Synchronous">Who has every acknowledged commit beside the leader.</param>
/// <param name="Following">Members beside the leader that run and follow it on its timeline.</param>
public sealed record PatroniView(string? Leader, IReadOnlyList<string> Synchronous, IReadOnlyList<string> Following)
{
    /// <summary>Reads it.</summary>
    internal static PatroniView Of(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        var members = json.RootElement.GetProperty("members").EnumerateArray()
            .Select(member => (Name: Text(member, "name"), Role: Text(member, "role"), State: Text(member, "state"), Timeline: Number(member, "timeline")))
            .ToList();
        var leader = members.Find(member => member is { Role: "leader", State: "running" });
        return new PatroniView(
            leader.Name,
            [.. members.Where(member => member is { Role: "sync_standby" }).Select(member => member.Name!)],
            [.. members.Where(member => member.Role is "sync_standby" or "replica" && member.State is "running" or "streaming" && member.Timeline == leader.Timeline).Select(member => member.Name!)]);
    }

    private static string? Text(JsonElement member, string name) => member.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(JsonElement member, string name) => member.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : 0;
}
