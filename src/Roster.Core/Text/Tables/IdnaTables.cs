namespace Roster.Core.Text.Tables;

internal enum BidiClass : byte { L, R, AL, AN, EN, ES, CS, ET, ON, BN, NSM, Other }

internal enum JoiningType : byte { U, L, R, D, C, T }

/// <summary>What UTS #46 needs, read when the first domain outside ASCII (or in Punycode) arrives.</summary>
internal static class IdnaTables
{
    public static readonly CodePointMap<CodePointMapping> Mappings =
        TableFile.ReadMap("idna-mapping", CodePointMapping.Refuse, CodePointMapping.Parse);

    public static readonly CodePointMap<BidiClass> BidiClasses =
        TableFile.ReadMap("bidi-classes", BidiClass.L, ParseBidiClass);

    public static readonly CodePointMap<JoiningType> JoiningTypes =
        TableFile.ReadMap("joining-types", JoiningType.U, text => Enum.Parse<JoiningType>(text));

    private static BidiClass ParseBidiClass(ReadOnlySpan<char> text) =>
        text is "X" ? BidiClass.Other : Enum.Parse<BidiClass>(text);
}
