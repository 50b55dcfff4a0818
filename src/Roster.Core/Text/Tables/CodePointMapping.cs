using System.Globalization;

namespace Roster.Core.Text.Tables;

internal enum MappingKind { Keep, Refuse, Drop, Shift, Replace }

/// <summary>What a mapping table says of one code point. The text forms are listed in the script <c>generate</c>.</summary>
internal readonly record struct CodePointMapping(MappingKind Kind, int Shift = 0, int[]? Replacement = null)
{
    private const int Limit = 0x110000;

    public static readonly CodePointMapping Keep = new(MappingKind.Keep);
    public static readonly CodePointMapping Refuse = new(MappingKind.Refuse);

    public static CodePointMapping Parse(ReadOnlySpan<char> text) => text[0] switch
    {
        '.' => Keep,
        '!' => Refuse,
        '-' => new(MappingKind.Drop),
        '+' => new(MappingKind.Shift, int.Parse(text[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
        '=' => new(MappingKind.Replace, Replacement: ParseList(text[1..])),
        _ => throw new InvalidDataException($"Unknown mapping '{text}'."),
    };

    /// <summary>Appends what <paramref name="codePoint"/> becomes; false when the table refuses it.</summary>
    public bool TryAppend(int codePoint, List<int> output)
    {
        switch (Kind)
        {
            case MappingKind.Keep:
                output.Add(codePoint);
                return true;
            case MappingKind.Shift:
                output.Add((codePoint + Shift) % Limit);
                return true;
            case MappingKind.Replace:
                output.AddRange(Replacement!);
                return true;
            default:
                return Kind == MappingKind.Drop;
        }
    }

    private static int[] ParseList(ReadOnlySpan<char> text)
    {
        var list = new int[text.Count(',') + 1];
        var next = 0;
        foreach (var part in text.Split(','))
        {
            list[next++] = int.Parse(text[part], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return list;
    }
}
