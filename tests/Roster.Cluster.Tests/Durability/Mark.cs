using System.Globalization;
using System.Text;

namespace Roster.Cluster.Tests.Durability;

/// <summary>
/// A word that belongs to one write alone: part of the value it stores and of its answer, short enough for one cell of
/// a page, so that it is found whole wherever the write leaves a trace.
/// </summary>
internal static class Mark
{
    private const string Prefix = "zqmark";
    private const int Digits = 7;

    public static string Of(int number) => Prefix + number.ToString("D7", CultureInfo.InvariantCulture);

    /// <summary>All marks in some bytes.</summary>
    public static IEnumerable<string> In(byte[] data)
    {
        var prefix = Encoding.ASCII.GetBytes(Prefix);
        for (var at = 0; data.AsSpan(at).IndexOf(prefix) is >= 0 and var found; at += found + prefix.Length)
        {
            var from = at + found;
            if (from + prefix.Length + Digits <= data.Length)
            {
                yield return Encoding.ASCII.GetString(data, from, prefix.Length + Digits);
            }
        }
    }
}
