namespace Roster.Core.Text.Tables;

internal enum CodePointCategory : byte { Other, Mark, Refused }

/// <summary>The general categories that rules ask for: M*, and those with no place in a local part.</summary>
internal static class CategoryTable
{
    public static readonly CodePointMap<CodePointCategory> Categories = TableFile.ReadMap(
        "categories", CodePointCategory.Other, text => text is "M" ? CodePointCategory.Mark : CodePointCategory.Refused);
}
