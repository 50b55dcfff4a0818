using System.Text.Json;

namespace Roster.Cluster.Tests.Crashes;

/// <summary>A user as far as it was acknowledged. One client writes it, so nothing else may change it.</summary>
internal sealed class KnownUser
{
    /// <summary>From the answer that created it.</summary>
    public KnownUser(string body) => Learn(body);

    public string Id { get; private set; } = string.Empty;

    public string Email { get; private set; } = string.Empty;

    /// <summary>The newest acknowledged version.</summary>
    public long Version { get; private set; }

    /// <summary>Each acknowledged version's body.</summary>
    public SortedDictionary<long, string> Bodies { get; } = [];

    /// <summary>Whether a deletion was acknowledged.</summary>
    public bool IsDeleted { get; set; }

    /// <summary>Takes a version in.</summary>
    public void Learn(string body)
    {
        using var json = JsonDocument.Parse(body);
        Id = json.RootElement.GetProperty("id").GetString()!;
        Email = json.RootElement.GetProperty("email").GetString()!;
        Version = json.RootElement.GetProperty("version").GetInt64();
        if (!Bodies.TryAdd(Version, body))
        {
            throw new BrokenPromiseException($"Version {Version} of {Id} was given twice: {Bodies[Version]} and {body}.");
        }
    }
}
