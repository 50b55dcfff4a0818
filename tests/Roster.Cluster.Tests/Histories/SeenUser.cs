using System.Text.Json;

namespace Roster.Cluster.Tests.Histories;

/// <summary>A user in an answer. The name is the tag of the write that made this version.</summary>
internal sealed record SeenUser(string Id, long Version, string Name, string EmailKey)
{
    public static SeenUser Of(string body)
    {
        using var json = JsonDocument.Parse(body);
        return Of(json.RootElement);
    }

    public static SeenUser Of(JsonElement user) => new(
        user.GetProperty("id").GetString()!,
        user.GetProperty("version").GetInt64(),
        user.GetProperty("name").GetString()!,
        KeyOf(user.GetProperty("email").GetString()!));

    /// <summary>The user of an answer, or the only one of a list; null for an empty list.</summary>
    public static SeenUser? FirstOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return root.ValueKind == JsonValueKind.Object ? Of(root) : root.EnumerateArray().Select(Of).FirstOrDefault();
    }

    /// <summary>The e-mails of these tests differ by case at most.</summary>
    public static string KeyOf(string email) => email.ToUpperInvariant();
}
