using System.Text;
using Xunit;

namespace Roster.Tests.Api.BadInput;

/// <summary>Reads responses as they came over a connection, one behind the other.</summary>
internal static class Responses
{
    /// <summary>All that are whole; when nothing more will come, the last may have lost its end.</summary>
    public static IReadOnlyList<Answer> In(ReadOnlySpan<byte> bytes, bool ended)
    {
        var answers = new List<Answer>();
        while (!bytes.IsEmpty && Take(ref bytes, ended) is { } answer)
        {
            answers.Add(answer);
        }

        return answers;
    }

    private static Answer? Take(ref ReadOnlySpan<byte> bytes, bool ended)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            Assert.False(ended, Encoding.Latin1.GetString(bytes));
            return null;
        }

        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1]);
        var rest = bytes[(end + 4)..];
        var body = headers.ContainsKey("Transfer-Encoding") ? Joined(ref rest, ended) : Sized(ref rest, LengthOf(status, headers), ended);
        if (body is null)
        {
            return null;
        }

        bytes = rest;
        return new Answer(status, headers, body);
    }

    private static int? LengthOf(int status, Dictionary<string, string> headers) =>
        headers.TryGetValue("Content-Length", out var length) ? int.Parse(length) : status is < 200 or 204 or 304 ? 0 : null;

    private static byte[]? Sized(ref ReadOnlySpan<byte> rest, int? length, bool ended)
    {
        if ((length ?? int.MaxValue) > rest.Length && !ended)
        {
            return null;
        }

        var body = rest[..Math.Min(length ?? int.MaxValue, rest.Length)];
        rest = rest[body.Length..];
        return body.ToArray();
    }

    private static byte[]? Joined(ref ReadOnlySpan<byte> rest, bool ended)
    {
        var body = new List<byte>();
        while (rest.IndexOf("\r\n"u8) is var line && line > 0)
        {
            var length = Convert.ToInt32(Encoding.ASCII.GetString(rest[..line]), 16);
            if (rest.Length < line + length + 4)
            {
                break;
            }

            body.AddRange(rest.Slice(line + 2, length));
            rest = rest[(line + length + 4)..];
            if (length == 0)
            {
                return [.. body];
            }
        }

        return ended ? [.. body] : null;
    }
}
