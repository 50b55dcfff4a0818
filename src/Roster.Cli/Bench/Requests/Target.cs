using System.Text;

namespace Roster.Cli.Bench.Requests;

/// <summary>A user that requests name.</summary>
/// <param name="Id">As it stands in a path.</param>
/// <param name="Email">As it stands in a query; null when it is not known.</param>
internal sealed record Target(string Id, string? Email)
{
    /// <summary>From a user's JSON as this API writes it, or another with a number for an id; null when it has none.</summary>
    public static Target? Of(ReadOnlySpan<byte> user)
    {
        var id = Value(user, "\"id\":"u8);
        return id is null ? null : new Target(id, Value(user, "\"email\":"u8) is { } email ? Uri.EscapeDataString(email) : null);
    }

    /// <summary>From a line of a file: an id, or an id and an e-mail; null for an empty one.</summary>
    /// <exception cref="FormatException">It has characters that no path has.</exception>
    public static Target? Parse(string line)
    {
        var parts = line.Split(',', 2, StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0)
        {
            return null;
        }

        return parts[0].Length <= 100 && parts[0].AsSpan().IndexOfAnyExcept(System.Buffers.SearchValues.Create(Allowed)) < 0
            ? new Target(parts[0], parts.Length == 2 ? Uri.EscapeDataString(parts[1]) : null)
            : throw new FormatException($"\"{(parts[0].Length <= 40 ? parts[0] : parts[0][..40] + "…")}\" is no id");
    }

    private const string Allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static string? Value(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var at = json.IndexOf(name);
        if (at < 0)
        {
            return null;
        }

        var rest = json[(at + name.Length)..].TrimStart(" \""u8);
        var end = rest.IndexOfAny("\",}"u8);
        return end > 0 ? Encoding.UTF8.GetString(rest[..end]) : null;
    }
}
