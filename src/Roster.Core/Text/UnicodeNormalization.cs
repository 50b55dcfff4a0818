using System.Runtime.InteropServices;
using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>
/// Normalization Form C (UAX #15) by the checked-in tables of Unicode 15.0.0. .NET's own asks the machine's ICU
/// and does nothing at all under invariant globalisation; this one gives the same answer everywhere, for ever.
/// </summary>
public static class UnicodeNormalization
{
    /// <summary>
    /// The NFC of <paramref name="text"/>. Lone surrogates and code points that Unicode 15.0.0 has not assigned
    /// stay as they are. Text below U+0300 is NFC already: it is handed back itself and no table is loaded.
    /// </summary>
    public static string ToNfc(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF'))
        {
            return text;
        }

        return CodePoints.ToText(ToNfc(CodePoints.Of(text)));
    }

    internal static List<int> ToNfc(List<int> points)
    {
        var decomposed = Decompose(points);
        Reorder(CollectionsMarshal.AsSpan(decomposed));
        Compose(decomposed);
        return decomposed;
    }

    private static List<int> Decompose(List<int> points)
    {
        List<int> output = new(points.Count + 8);
        foreach (var point in points)
        {
            if (Hangul.IsSyllable(point))
            {
                Hangul.Decompose(point, output);
            }
            else
            {
                NormalizationTables.Decompositions[point].TryAppend(point, output);
            }
        }

        return output;
    }

    /// <summary>The Canonical Ordering Algorithm: each run of non-starters is sorted by class, equals stay in order.</summary>
    private static void Reorder(Span<int> points)
    {
        for (var start = 0; start < points.Length; start++)
        {
            var end = start;
            while (end < points.Length && NormalizationTables.CombiningClasses[points[end]] != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                SortByClass(points[start..end]);
            }

            start = end;
        }
    }

    // The position keeps the sort stable; it does not go quadratic on a hostile run of marks.
    private static void SortByClass(Span<int> marks)
    {
        var keys = new (int Class, int Position, int Point)[marks.Length];
        for (var i = 0; i < marks.Length; i++)
        {
            keys[i] = (NormalizationTables.CombiningClasses[marks[i]], i, marks[i]);
        }

        Array.Sort(keys);
        for (var i = 0; i < marks.Length; i++)
        {
            marks[i] = keys[i].Point;
        }
    }

    /// <summary>The Canonical Composition Algorithm, in place.</summary>
    private static void Compose(List<int> points)
    {
        int starter = -1, written = 0, lastClass = 0;
        foreach (var point in CollectionsMarshal.AsSpan(points))
        {
            int combiningClass = NormalizationTables.CombiningClasses[point];
            // Blocked: something since the starter has a class as high, or is itself a starter.
            var adjacent = written == starter + 1;
            if (starter >= 0 && (adjacent || (lastClass != 0 && lastClass < combiningClass))
                && TryCompose(points[starter], point, out var composite))
            {
                points[starter] = composite;
                continue;
            }

            if (combiningClass == 0)
            {
                starter = written;
            }

            lastClass = combiningClass;
            points[written++] = point;
        }

        points.RemoveRange(written, points.Count - written);
    }

    private static bool TryCompose(int first, int second, out int composite) =>
        Hangul.TryCompose(first, second, out composite) || NormalizationTables.TryCompose(first, second, out composite);
}
