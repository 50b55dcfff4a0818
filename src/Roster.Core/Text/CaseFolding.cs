using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>
/// Full case folding (The Unicode Standard, section 3.13; rows C and F of CaseFolding.txt, Unicode 15.0.0).
/// The Turkic rows are left out: what I folds to must not depend on who asks. ß and ẞ fold to ss, ς to σ.
/// </summary>
public static class CaseFolding
{
    /// <summary>
    /// Folds <paramref name="text"/>, code point by code point; the result need not be NFC. ASCII loads no table,
    /// and ASCII without capitals is handed back itself.
    /// </summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (System.Text.Ascii.IsValid(text))
        {
            return FoldAscii(text);
        }

        List<int> folded = new(text.Length + 4);
        foreach (var point in CodePoints.Of(text))
        {
            CaseFoldingTable.Foldings[point].TryAppend(point, folded);
        }

        return CodePoints.ToText(folded);
    }

    internal static string FoldAscii(string text) =>
        text.AsSpan().ContainsAnyInRange('A', 'Z')
            ? string.Create(text.Length, text, static (folded, source) => System.Text.Ascii.ToLower(source, folded, out _))
            : text;
}
