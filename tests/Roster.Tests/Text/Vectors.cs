using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Roster.Tests.Text;

/// <summary>Reads the files of the folder Data, which the build puts beside the tests.</summary>
internal static partial class Vectors
{
    public static IEnumerable<string> PackedLines(string name)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(PathOf(name)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Lines of JSON strings between tabs.</summary>
    public static IEnumerable<string[]> PackedJson(string name) =>
        PackedLines(name).Select(line => Array.ConvertAll(line.Split('\t'), field => JsonSerializer.Deserialize<string>(field)!));

    /// <summary>Title, address, and key (null: refused). Not JSON: lone surrogates must come through.</summary>
    public static IEnumerable<(string Title, string Address, string? Key)> EmailKeys() =>
        from line in File.ReadLines(PathOf("email-keys.tsv"))
        where !line.StartsWith('#')
        let fields = line.Split('\t')
        select (fields[0], Unescape(fields[1]), fields[2] == "!" ? null : Unescape(fields[2]));

    /// <summary>Non-ASCII and ASCII control characters as \uXXXX, for messages.</summary>
    public static string Show(string text) =>
        string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:X4}"));

    private static string Unescape(string quoted) =>
        Escape().Replace(quoted[1..^1], match => ((char)Convert.ToInt32(match.Groups["hex"].Value, 16)).ToString());

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Text", "Data", name);

    [GeneratedRegex(@"\\u(?<hex>[0-9A-F]{4})", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
