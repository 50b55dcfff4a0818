using System.Buffers;
using System.Text;
using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>The local part of an e-mail address: a dot-atom (RFC 5322, 3.2.3), wider than ASCII by RFC 6532.</summary>
internal static class LocalPart
{
    /// <summary>RFC 5321, 4.5.3.1.1, in octets; of what is sent as of what is stored.</summary>
    private const int MaximumBytes = 64;

    // No text is known that needs a third round; the bound keeps a wrong belief from hanging the program.
    private const int MaximumRounds = 4;

    private static readonly SearchValues<char> AsciiAtoms = SearchValues.Create(
        "!#$%&'*+-./0123456789=?ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static bool IsValidAscii(ReadOnlySpan<char> local) =>
        local.Length <= MaximumBytes && HasDotsInPlace(local) && !local.ContainsAnyExcept(AsciiAtoms);

    /// <summary>The folded form of a local part in NFC; false when it is not one.</summary>
    public static bool TryFold(string local, out string folded)
    {
        folded = local;
        if (!IsValid(local))
        {
            return false;
        }

        for (var round = 0; round < MaximumRounds; round++)
        {
            var next = UnicodeNormalization.ToNfc(CaseFolding.Fold(folded));
            if (next == folded)
            {
                return IsValid(folded);
            }

            folded = next;
        }

        return false;
    }

    private static bool IsValid(string local)
    {
        if (Ascii.IsValid(local))
        {
            return IsValidAscii(local);
        }

        if (!HasDotsInPlace(local) || Encoding.UTF8.GetByteCount(local) > MaximumBytes)
        {
            return false;
        }

        var points = CodePoints.Of(local);
        return CategoryTable.Categories[points[0]] != CodePointCategory.Mark && points.TrueForAll(IsAllowed);
    }

    // Outside ASCII: no controls, formats (but the joiners that scripts need), separators, surrogates, private use,
    // and nothing that Unicode 15.0.0 has not assigned: a later version might fold or compose it.
    private static bool IsAllowed(int point) => point < 0x80
        ? AsciiAtoms.Contains((char)point)
        : CategoryTable.Categories[point] != CodePointCategory.Refused;

    private static bool HasDotsInPlace(ReadOnlySpan<char> local) =>
        !local.IsEmpty && local[0] != '.' && local[^1] != '.' && !local.Contains("..", StringComparison.Ordinal);
}
