using System.Globalization;

namespace Roster.Cli.Bench;

/// <summary>Times as people write them: <c>500ms</c>, <c>10s</c>, <c>2m</c>; a bare number is seconds.</summary>
internal static class Duration
{
    public static TimeSpan Parse(string option, string text)
    {
        var digits = text.AsSpan().TrimEnd("ms");
        var unit = text[digits.Length..];
        var scale = unit switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "m" => 60,
            _ => double.NaN,
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * scale is >= 0 and <= 86_400 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : throw VerbException.Usage($"{option} \"{text}\" is no time: write 500ms, 10s or 2m.");
    }
}
