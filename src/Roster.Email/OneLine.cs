using System.Globalization;
using System.Text;

namespace Roster.Email;

/// <summary>
/// A person's text as one line that says nothing but itself. A name may hold any character: a line break would begin a
/// header or a paragraph of its own, and a direction mark would turn the text behind it around.
/// </summary>
internal static class OneLine
{
    /// <summary>The text without controls and separators of lines, white space between words made one space.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsGap(rune))
            {
                gap = line.Length > 0;
            }
            else if (!IsUnseen(rune))
            {
                line.Append(gap ? " " : string.Empty).Append(rune);
                gap = false;
            }
        }

        return line.ToString();
    }

    private static bool IsGap(Rune rune) => Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator;

    // The joiners of scripts and of emoji stay; marks of direction, soft hyphens and tags go.
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200C or 0x200D);
}
