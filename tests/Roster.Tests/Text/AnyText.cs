using CsCheck;

namespace Roster.Tests.Text;

/// <summary>Generators of hostile text: what composes, reorders, folds, expands, and what is no text at all.</summary>
internal static class AnyText
{
    private static readonly string[] Pieces =
    [
        "a", "B", "ß", "ẞ", "İ", "ı", "ſ", "Σ", "ς", "Å", "\u212A", "ﬃ", "ŉ", "ΐ", "ᾳ", "ᾼ", "ᾴ", "\u0345", "\u0301", "\u0308", "\u0323", "\u0327",
        "\u0300", "\u1112", "\u1161", "\u11AB", "한", "하", "\u0958", "\u0915\u093C", "\uFB1D", "\U0001D15E", "\U00010400", "😀", "\u200D", "日", "Ꭰ",
        "ꭰ", "\uD83D", "\uDE00", "\u037E", "\u0378", "-", ".", "ǆ", "ǅ", "ﬀ", "\u0F71", "\u0F72", "\u0F73", "\u03B1", "\u03B9", "\u03C9", "\u0342",
    ];

    private static readonly Gen<string> Piece = Gen.Frequency(
        (6, Gen.OneOf(Pieces)),
        (2, Gen.Int[0, 0x10FFFF].Select(FromPoint)),
        (2, Gen.Int[0x80, 0x2FFF].Select(FromPoint)));

    public static readonly Gen<string> Text = Piece.Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Domain = Gen.Frequency(
        (3, Gen.OneOf("example.com", "MÜNCHEN.de", "xn--mnchen-3ya.de", "Straße.DE", "ＥＸ.com", "日本語。jp", "мир.рф", "localhost")),
        (1, Piece.Array[1, 5].Select(string.Concat)));

    private static readonly Gen<string> Local = Gen.Frequency((3, Text), (1, Gen.Char["abcXYZ.+-09"].Array[1, 12].Select(letters => new string(letters))));

    private static readonly Gen<string> Margin = Gen.OneOf("", "", " ", "\t", "\u00A0", "\u3000");

    public static readonly Gen<string> Address = Gen.Select(Margin, Local, Domain, Margin)
        .Select((before, local, domain, after) => $"{before}{local}@{domain}{after}");

    public static string FromPoint(int point) =>
        point is >= 0xD800 and <= 0xDFFF ? ((char)point).ToString() : char.ConvertFromUtf32(point);
}
