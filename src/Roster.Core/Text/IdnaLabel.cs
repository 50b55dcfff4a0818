using System.Runtime.InteropServices;
using Roster.Core.Text.Tables;

namespace Roster.Core.Text;

/// <summary>The Validity Criteria of UTS #46, section 4.1, without the Bidi Rule, which concerns whole names.</summary>
internal static class IdnaLabel
{
    private const int Joiner = 0x200D, NonJoiner = 0x200C;
    private const byte Virama = 9;

    public static bool IsValid(List<int> label)
    {
        if (label.Count == 0 || label[0] == '-' || label[^1] == '-'
            || CategoryTable.Categories[label[0]] == CodePointCategory.Mark
            || CollectionsMarshal.AsSpan(label).StartsWith(['x', 'n', '-', '-']))
        {
            return false;
        }

        for (var i = 0; i < label.Count; i++)
        {
            if (IdnaTables.Mappings[label[i]].Kind != MappingKind.Keep || label[i] == '.' || !JoinerFits(label, i))
            {
                return false;
            }
        }

        return UnicodeNormalization.ToNfc(label).SequenceEqual(label);
    }

    /// <summary>CheckJoiners: the context rules of RFC 5892, appendices A.1 and A.2.</summary>
    private static bool JoinerFits(List<int> label, int index)
    {
        if (label[index] is not (Joiner or NonJoiner))
        {
            return true;
        }

        if (index > 0 && NormalizationTables.CombiningClasses[label[index - 1]] == Virama)
        {
            return true;
        }

        return label[index] == NonJoiner
            && Neighbour(label, index, -1) is JoiningType.L or JoiningType.D
            && Neighbour(label, index, +1) is JoiningType.R or JoiningType.D;
    }

    /// <summary>The joining type of the next code point in that direction that is not transparent; U at the end.</summary>
    private static JoiningType Neighbour(List<int> label, int index, int step)
    {
        for (index += step; index >= 0 && index < label.Count; index += step)
        {
            if (IdnaTables.JoiningTypes[label[index]] is not JoiningType.T and var type)
            {
                return type;
            }
        }

        return JoiningType.U;
    }
}
