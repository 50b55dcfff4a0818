namespace Roster.Core.Text.Tables;

/// <summary>Rows C and F of CaseFolding.txt, read when the first text outside ASCII is folded.</summary>
internal static class CaseFoldingTable
{
    public static readonly CodePointMap<CodePointMapping> Foldings =
        TableFile.ReadMap("case-folding", CodePointMapping.Keep, CodePointMapping.Parse);
}
