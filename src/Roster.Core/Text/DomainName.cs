using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>
/// Domain names as lower-case ASCII: UTS #46 ToASCII, non-transitional (ß, ς and the joiners stay), by the tables of
/// Unicode 15.0.0. UseSTD3ASCIIRules, CheckBidi, CheckJoiners and VerifyDnsLength are on; CheckHyphens is off, as
/// names with hyphens in places 3 and 4 exist, but no label begins or ends with a hyphen (RFC 5321).
/// </summary>
public static class DomainName
{
    private const string PunycodePrefix = "xn--";

    /// <summary>
    /// True, and at most 253 characters in <paramref name="ascii"/>, when <paramref name="domain"/> is a domain name;
    /// otherwise false and an empty string. One label is enough (<c>localhost</c>); a trailing dot is refused. Beyond
    /// UTS #46 of this version, a Punycode label must be what encoding its own decoding gives (as RFC 5891, 5.4).
    /// </summary>
    public static bool TryToAscii(string domain, out string ascii)
    {
        ArgumentNullException.ThrowIfNull(domain);
        var verdict = AsciiDomain.Examine(domain);
        ascii = verdict == AsciiDomainVerdict.Valid ? CaseFolding.FoldAscii(domain) : "";
        return verdict == AsciiDomainVerdict.Valid || (verdict == AsciiDomainVerdict.NeedsTables && TryProcess(domain, out ascii));
    }

    private static bool TryProcess(string domain, out string ascii)
    {
        ascii = "";
        List<int> mapped = new(domain.Length);
        foreach (var point in CodePoints.Of(domain))
        {
            if (!IdnaTables.Mappings[point].TryAppend(point, mapped))
            {
                return false;
            }
        }

        var name = CodePoints.ToText(UnicodeNormalization.ToNfc(mapped));
        List<string> encoded = [];
        List<List<int>> labels = [];
        foreach (var text in name.Split('.'))
        {
            if (!TryReadLabel(text, out var label, out var encodedLabel))
            {
                return false;
            }

            labels.Add(label);
            encoded.Add(encodedLabel);
        }

        // One right-to-left label puts every label of the name under the Bidi Rule (RFC 5893, section 2).
        if (labels.Exists(BidiRule.IsRightToLeft) && !labels.TrueForAll(BidiRule.IsSatisfied))
        {
            return false;
        }

        var joined = string.Join('.', encoded);
        ascii = joined.Length <= AsciiDomain.MaximumLength ? joined : "";
        return ascii.Length > 0;
    }

    /// <summary>A mapped and normalised label as code points and as ASCII; false when either is not valid.</summary>
    private static bool TryReadLabel(string text, out List<int> label, out string encoded)
    {
        label = CodePoints.Of(text);
        encoded = text;
        if (label.Count is 0 or > AsciiDomain.MaximumLabelLength)
        {
            // Encoding shortens no label below its number of code points; this bounds the work that follows.
            return false;
        }

        if (text.StartsWith(PunycodePrefix, StringComparison.Ordinal))
        {
            label = [];
            return Punycode.TryDecode(text.AsSpan(PunycodePrefix.Length), label)
                && IdnaLabel.IsValid(label)
                && Encode(label) == text;
        }

        encoded = Encode(label);
        return encoded.Length <= AsciiDomain.MaximumLabelLength && IdnaLabel.IsValid(label);
    }

    private static string Encode(List<int> label) =>
        label.TrueForAll(point => point < 0x80) ? CodePoints.ToText(label) : PunycodePrefix + Punycode.Encode(label);
}
