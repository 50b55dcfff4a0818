namespace Roster.Core.Text.Tables;

/// <summary>What UAX #15 needs, read when the first text from U+0300 upwards arrives.</summary>
internal static class NormalizationTables
{
    public static readonly CodePointMap<byte> CombiningClasses =
        TableFile.ReadMap<byte>("combining-classes", 0, text => byte.Parse(text));

    public static readonly CodePointMap<CodePointMapping> Decompositions =
        TableFile.ReadMap("decompositions", CodePointMapping.Keep, CodePointMapping.Parse);

    private static readonly Dictionary<long, int> Compositions = TableFile.ReadPairs("compositions");

    /// <summary>The primary composite of two code points, if there is one (Hangul is arithmetic, not here).</summary>
    public static bool TryCompose(int first, int second, out int composite) =>
        Compositions.TryGetValue(TableFile.PairKey(first, second), out composite);
}
