using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>The Bidi Rule for labels: RFC 5893, section 2.</summary>
internal static class BidiRule
{
    public static bool IsRightToLeft(List<int> label) =>
        label.Exists(point => ClassOf(point) is BidiClass.R or BidiClass.AL or BidiClass.AN);

    public static bool IsSatisfied(List<int> label) => ClassOf(label[0]) switch
    {
        BidiClass.R or BidiClass.AL => IsRightToLeftLabel(label),
        BidiClass.L => IsLeftToRightLabel(label),
        _ => false,
    };

    // Conditions 2 to 4.
    private static bool IsRightToLeftLabel(List<int> label) =>
        label.TrueForAll(point => ClassOf(point) is not (BidiClass.L or BidiClass.Other))
        && ClassOfLastBase(label) is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN
        && !(label.Exists(point => ClassOf(point) == BidiClass.EN) && label.Exists(point => ClassOf(point) == BidiClass.AN));

    // Conditions 5 and 6.
    private static bool IsLeftToRightLabel(List<int> label) =>
        label.TrueForAll(point => ClassOf(point) is not (BidiClass.R or BidiClass.AL or BidiClass.AN or BidiClass.Other))
        && ClassOfLastBase(label) is BidiClass.L or BidiClass.EN;

    private static BidiClass ClassOfLastBase(List<int> label) =>
        ClassOf(label.FindLast(point => ClassOf(point) != BidiClass.NSM));

    private static BidiClass ClassOf(int point) => IdnaTables.BidiClasses[point];
}
