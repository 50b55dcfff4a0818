using System.Text;

namespace Roster.Core.Text;

/// <summary>UTF-16 to code points and back. Lone surrogates pass through unchanged: who must refuse them, does.</summary>
internal static class CodePoints
{
    public static List<int> Of(ReadOnlySpan<char> text)
    {
        List<int> points = new(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            if (char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                points.Add(char.ConvertToUtf32(unit, text[++i]));
            }
            else
            {
                points.Add(unit);
            }
        }

        return points;
    }

    public static string ToText(List<int> points)
    {
        StringBuilder text = new(points.Count);
        foreach (var point in points)
        {
            if (point < 0x10000)
            {
                text.Append((char)point);
            }
            else
            {
                text.Append((char)(0xD7C0 + (point >> 10))).Append((char)(0xDC00 | (point & 0x3FF)));
            }
        }

        return text.ToString();
    }
}
