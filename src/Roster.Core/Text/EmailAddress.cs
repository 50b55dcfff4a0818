using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Roster.Core.Text;

/// <summary>
/// An e-mail address (RFC 5321 Mailbox with a dot-atom as its local part, RFC 6531 for what is outside ASCII) and the
/// key that tells one address from another. Two values are the same address when their keys are equal ordinally.
/// </summary>
public sealed record EmailAddress
{
    /// <summary>Most characters (UTF-16) of <see cref="Given"/>, and most UTF-8 bytes of <see cref="Key"/>.</summary>
    public const int MaximumLength = 254;

    private const string NotAnAddress = "must be an e-mail address such as name@example.com";
    private const string TooLong = "must be at most 254 characters long";

    private EmailAddress(string given, string key) => (Given, Key) = (given, key);

    /// <summary>The address as the person wrote it, without the white space around it: what mail is sent to.</summary>
    public string Given { get; }

    /// <summary>
    /// NFC, local part case-folded, '@', domain as <see cref="DomainName"/> says. Uniqueness and placement are computed
    /// on it, so it is frozen for ever: for any text it stays what it is today. Its own key is itself.
    /// Frozen with it: ß before the '@' is ss, ß behind it stays ß (non-transitional), ẞ behind it is ss (Unicode 15.0).
    /// </summary>
    public string Key { get; }

    /// <summary>
    /// Reads one address; on failure <paramref name="error"/> is one sentence without subject and full stop. What
    /// is doubtful is refused: a refusal can be lifted by a later version, an accepted key can never change.
    /// </summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out EmailAddress? email, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var given = WhiteSpace.Trim(text);
        email = null;
        error = given.Length > MaximumLength ? TooLong : NotAnAddress;
        if (given.Length > MaximumLength)
        {
            return false;
        }

        var key = Ascii.IsValid(given) ? KeyOfAscii(given) : KeyOf(given);
        if (key is null)
        {
            return false;
        }

        if (Encoding.UTF8.GetByteCount(key) > MaximumLength)
        {
            error = TooLong;
            return false;
        }

        (email, error) = (new(given, key), null);
        return true;
    }

    private static string? KeyOfAscii(string address)
    {
        var at = address.LastIndexOf('@');
        if (at < 0 || !LocalPart.IsValidAscii(address.AsSpan(0, at)))
        {
            return null;
        }

        return AsciiDomain.Examine(address.AsSpan(at + 1)) switch
        {
            AsciiDomainVerdict.Valid => CaseFolding.FoldAscii(address),
            AsciiDomainVerdict.NeedsTables when DomainName.TryToAscii(address[(at + 1)..], out var domain) =>
                string.Concat(CaseFolding.FoldAscii(address[..at]), "@", domain),
            _ => null,
        };
    }

    private static string? KeyOf(string address)
    {
        var composed = UnicodeNormalization.ToNfc(address);
        var at = composed.LastIndexOf('@');
        return at > 0
            && LocalPart.TryFold(composed[..at], out var local)
            && DomainName.TryToAscii(composed[(at + 1)..], out var domain)
            ? string.Concat(local, "@", domain)
            : null;
    }
}
