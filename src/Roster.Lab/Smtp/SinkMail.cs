using System.Text;

namespace Roster.Lab.Smtp;

/// <summary>A mail as the sink took it.</summary>
/// <param name="From">Of the envelope.</param>
/// <param name="To">Of the envelope.</param>
/// <param name="User">The account that sent it, if any.</param>
/// <param name="Secure">Whether it came over TLS.</param>
/// <param name="Raw">The mail's bytes.</param>
public sealed record SinkMail(string From, IReadOnlyList<string> To, string? User, bool Secure, ReadOnlyMemory<byte> Raw)
{
    /// <summary>The value of a header that is one line; null when there is none.</summary>
    public string? Header(string name) => Encoding.UTF8.GetString(Raw.Span).Split("\r\n\r\n", 2)[0].Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
