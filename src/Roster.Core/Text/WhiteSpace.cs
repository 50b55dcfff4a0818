using System.Buffers;

namespace Roster.Core.Text;

/// <summary>The property White_Space (PropList.txt, Unicode 15.0.0), written out: .NET's own may follow a later version.</summary>
internal static class WhiteSpace
{
    private static readonly SearchValues<char> All = SearchValues.Create(
        "\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000");

    /// <summary><paramref name="text"/> without white space at both ends; itself when there is none.</summary>
    public static string Trim(string text)
    {
        var first = text.AsSpan().IndexOfAnyExcept(All);
        var last = text.AsSpan().LastIndexOfAnyExcept(All);
        return first < 0 ? "" : text[first..(last + 1)];
    }
}
