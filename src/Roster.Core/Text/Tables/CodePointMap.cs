namespace Roster.Core.Text.Tables;

/// <summary>A value for every code point, kept as runs of neighbours that share it: a look-up is a binary search.</summary>
internal sealed class CodePointMap<T>(int[] starts, T[] values)
{
    /// <summary>The value of <paramref name="codePoint"/>, 0 to 10FFFF hexadecimal, surrogates included.</summary>
    public T this[int codePoint]
    {
        get
        {
            var found = Array.BinarySearch(starts, codePoint);
            return values[found >= 0 ? found : ~found - 1];
        }
    }
}
