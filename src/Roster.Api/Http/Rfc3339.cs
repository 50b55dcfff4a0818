using System.Globalization;

namespace Roster.Api.Http;

/// <summary>Times as clients send them (RFC 3339); one without an offset is taken for UTC.</summary>
internal static class Rfc3339
{
    /// <summary>What to say about a text that is none.</summary>
    public const string Rule = "must be an RFC 3339 time such as 2026-01-31T12:00:00Z";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a time; more than seven digits of a second are not understood.</summary>
    public static bool TryParse(string? text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
