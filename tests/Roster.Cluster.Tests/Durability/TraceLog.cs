using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Roster.Cluster.Tests.Durability;

/// <summary>Reads what <c>strace -f -ttt -y -xx</c> wrote, calls cut in two by other threads put together again.</summary>
internal static partial class TraceLog
{
    /// <summary>The calls in the order in which they were entered.</summary>
    public static IReadOnlyList<TracedCall> Read(IEnumerable<string> lines)
    {
        List<TracedCall> calls = [];
        Dictionary<string, int> open = [];
        foreach (var (position, line) in lines.Index())
        {
            var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            var (thread, text) = (parts[0], parts[^1]);
            if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (open.Remove(thread, out var begun))
                {
                    calls[begun] = calls[begun] with { End = position, Succeeded = Succeeded(text) };
                }
            }
            else if (Entered().Match(text) is { Success: true } entered)
            {
                var unfinished = text.EndsWith("<unfinished ...>", StringComparison.Ordinal);
                if (unfinished)
                {
                    open[thread] = calls.Count;
                }

                calls.Add(new TracedCall(
                    entered.Groups["name"].Value,
                    Encoding.UTF8.GetString(Bytes(entered.Groups["target"].Value)),
                    [.. Quoted().Matches(text).SelectMany(m => Bytes(m.Groups["hex"].Value))],
                    position,
                    unfinished ? int.MaxValue : position,
                    !unfinished && Succeeded(text)));
            }
        }

        return calls;
    }

    private static bool Succeeded(string text) =>
        text.LastIndexOf(" = ", StringComparison.Ordinal) is > 0 and var at && text[at + 3] != '-';

    /// <summary><c>\x41\x42</c> as bytes.</summary>
    private static byte[] Bytes(string escaped)
    {
        var bytes = new byte[escaped.Length / 4];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = byte.Parse(escaped.AsSpan((i * 4) + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        return bytes;
    }

    [GeneratedRegex(@"^(?<name>\w+)\(\d+<(?<target>[^>]*)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Entered();

    [GeneratedRegex(@"""(?<hex>(\\x[0-9a-f]{2})*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
