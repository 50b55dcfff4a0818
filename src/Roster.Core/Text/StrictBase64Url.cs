using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Roster.Core.Text;

/// <summary>
/// Base64url (RFC 4648, section 5) with one text for each value: the framework's decoder also takes white space and
/// padding, and a token that reads in many ways is none that we wrote.
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Decodes; false for everything that the encoder would not write, and for nothing at all.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = text.IsEmpty || text.ContainsAnyExcept(Alphabet) || !Base64Url.IsValid(text) ? null : Base64Url.DecodeFromChars(text);
        return bytes is not null;
    }
}
