namespace Roster.Core.Text;

internal enum AsciiDomainVerdict { Valid, Invalid, NeedsTables }

/// <summary>Host names in plain ASCII (RFC 5321 Domain, RFC 1123): judged without tables, as nearly all are.</summary>
internal static class AsciiDomain
{
    public const int MaximumLength = 253, MaximumLabelLength = 63;

    /// <summary>NeedsTables: there is a code point outside ASCII, or a label that says it is Punycode.</summary>
    public static AsciiDomainVerdict Examine(ReadOnlySpan<char> domain)
    {
        if (!System.Text.Ascii.IsValid(domain))
        {
            return AsciiDomainVerdict.NeedsTables;
        }

        var verdict = domain.Length <= MaximumLength ? AsciiDomainVerdict.Valid : AsciiDomainVerdict.Invalid;
        foreach (var range in domain.Split('.'))
        {
            var label = domain[range];
            if (!IsLabel(label))
            {
                return AsciiDomainVerdict.Invalid;
            }

            if (label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && verdict == AsciiDomainVerdict.Valid)
            {
                verdict = AsciiDomainVerdict.NeedsTables;
            }
        }

        return verdict;
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaximumLabelLength || label[0] == '-' || label[^1] == '-')
        {
            return false;
        }

        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
