using System.Text;
using System.Text.RegularExpressions;

namespace Roster.Tests.Email;

/// <summary>A mail read by the letter of RFC 5322, without the library that wrote it: its headers, and the parts of its body.</summary>
internal sealed partial class ReadMail
{
    public ReadMail(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var (head, body) = Split(text);
        Head = head;
        Headers = HeadersOf(head);
        var boundary = Boundary().Match(Single("Content-Type")).Groups["boundary"].Value;
        Parts = [.. body.Split($"--{boundary}")[1..^1].Select(part => DecodedPart(part.TrimStart('\r', '\n')))];
    }

    /// <summary>Everything before the first empty line.</summary>
    public string Head { get; }

    /// <summary>Names and values, unfolded, in their order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The plain text, then the HTML; decoded.</summary>
    public IReadOnlyList<(string Type, string Text)> Parts { get; }

    /// <summary>The value of a header that must be there once.</summary>
    public string Single(string name) => Headers.Single(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>A header with its encoded words (RFC 2047) decoded.</summary>
    public string Decoded(string name) => EncodedWord().Replace(BetweenWords().Replace(Single(name), string.Empty), word =>
    {
        var bytes = word.Groups["kind"].Value is "B" or "b"
            ? Convert.FromBase64String(word.Groups["text"].Value)
            : Quoted(word.Groups["text"].Value.Replace('_', ' '));
        return Encoding.GetEncoding(word.Groups["charset"].Value).GetString(bytes);
    });

    private static (string Head, string Body) Split(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (text[..end], text[(end + 4)..]);
    }

    private static List<(string Name, string Value)> HeadersOf(string head)
    {
        var unfolded = Fold().Replace(head, " ");
        return [.. unfolded.Split("\r\n").Select(line => line.Split(':', 2)).Select(pair => (pair[0], pair[1].Trim()))];
    }

    private static (string Type, string Text) DecodedPart(string part)
    {
        var (head, body) = Split(part);
        var headers = HeadersOf(head).ToDictionary(header => header.Name, header => header.Value, StringComparer.OrdinalIgnoreCase);
        var bytes = headers.GetValueOrDefault("Content-Transfer-Encoding", "7bit") switch
        {
            "base64" => Convert.FromBase64String(body.ReplaceLineEndings("")),
            "quoted-printable" => Quoted(SoftBreak().Replace(body, string.Empty)),
            _ => Encoding.ASCII.GetBytes(body),
        };
        return (headers["Content-Type"].Split(';')[0], Encoding.UTF8.GetString(bytes).TrimEnd('\r', '\n'));
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            var isEncoded = text[i] == '=';
            bytes.Add(isEncoded ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
            i += isEncoded ? 2 : 0;
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"boundary=""?(?<boundary>[^"";]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"\r\n(?=[ \t])[ \t]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fold();

    [GeneratedRegex(@"(?<=\?=)\s+(?==\?)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?(?<charset>[^?]+)\?(?<kind>[BbQq])\?(?<text>[^?]*)\?=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"=\r\n", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SoftBreak();
}
