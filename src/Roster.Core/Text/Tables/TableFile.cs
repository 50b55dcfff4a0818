using System.Globalization;
using System.Text;

namespace Roster.Core.Text.Tables;

/// <summary>Reads the tables that <c>generate</c> wrote and the build embedded.</summary>
internal static class TableFile
{
    /// <summary>The Unicode version of every table. Stored keys depend on it, so it never changes.</summary>
    public const string UnicodeVersion = "15.0.0";

    public delegate T ValueParser<out T>(ReadOnlySpan<char> text);

    /// <summary>Reads lines of <c>first[..last] value</c>; a code point not listed has <paramref name="unlisted"/>.</summary>
    public static CodePointMap<T> ReadMap<T>(string name, T unlisted, ValueParser<T> parse)
    {
        var text = ReadText(name);
        List<int> starts = [];
        List<T> values = [];
        var next = 0;
        foreach (var line in Body(text))
        {
            var space = line.IndexOf(' ');
            var range = line[..space];
            var dots = range.IndexOf("..", StringComparison.Ordinal);
            var first = ParseHex(dots < 0 ? range : range[..dots]);
            if (first > next || starts.Count == 0)
            {
                starts.Add(next);
                values.Add(unlisted);
            }

            starts.Add(first);
            values.Add(parse(line[(space + 1)..]));
            next = (dots < 0 ? first : ParseHex(range[(dots + 2)..])) + 1;
        }

        starts.Add(next);
        values.Add(unlisted);
        return Build(starts, values);
    }

    /// <summary>Reads lines of <c>first second composite</c>, keyed as <see cref="PairKey"/> says.</summary>
    public static Dictionary<long, int> ReadPairs(string name)
    {
        var text = ReadText(name);
        Dictionary<long, int> pairs = new(1024);
        foreach (var line in Body(text))
        {
            var one = line.IndexOf(' ');
            var two = line.LastIndexOf(' ');
            pairs.Add(PairKey(ParseHex(line[..one]), ParseHex(line[(one + 1)..two])), ParseHex(line[(two + 1)..]));
        }

        return pairs;
    }

    public static long PairKey(int first, int second) => ((long)first << 32) | (uint)second;

    private static CodePointMap<T> Build<T>(List<int> starts, List<T> values)
    {
        // A table whose first line is code point 0 leaves an empty run in front: drop it.
        if (starts is [0, 0, ..])
        {
            starts.RemoveAt(0);
            values.RemoveAt(0);
        }

        return new([.. starts], [.. values]);
    }

    private static int ParseHex(ReadOnlySpan<char> text) =>
        int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static SpanLineEnumerator Body(string text)
    {
        var lines = text.AsSpan().TrimEnd('\n').EnumerateLines();
        lines.MoveNext(); // the header, checked by ReadText
        return lines;
    }

    private static string ReadText(string name)
    {
        var resource = $"Roster.Core.Text.Tables.{name}.txt";
        using var stream = typeof(TableFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidDataException($"The table {resource} is missing from the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var text = Encoding.ASCII.GetString(bytes);
        return text.StartsWith($"# {name}; Unicode {UnicodeVersion};", StringComparison.Ordinal)
            ? text
            : throw new InvalidDataException($"The table {resource} is not of Unicode {UnicodeVersion}.");
    }
}
