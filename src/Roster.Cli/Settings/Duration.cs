using System.Globalization;

namespace Roster.Cli.Settings;

/// <summary>Times as people write them: <c>500 ms</c>, <c>5 s</c>, <c>10 m</c>, <c>24 h</c>, <c>7 d</c>, or <c>hh:mm:ss</c>.</summary>
internal static class Duration
{
    /// <summary>The longest that means anything.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(36_500);

    /// <summary>A flag's value, up to a day; a bare number is seconds.</summary>
    public static TimeSpan OfFlag(string flag, string text) =>
        (TryParse(text) ?? TryParse(text + "s")) is { } duration && duration >= TimeSpan.Zero && duration <= TimeSpan.FromDays(1)
            ? duration
            : throw VerbException.Usage($"{flag} \"{text}\" is no time: write 500ms, 10s or 2m.");

    /// <summary>A time, or null.</summary>
    public static TimeSpan? TryParse(string text)
    {
        var number = text.TrimEnd('m', 's', 'h', 'd', ' ');
        var unit = text[number.Length..].Trim();
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? SecondsOf(unit) is { } seconds && double.IsFinite(amount)
                ? TimeSpan.FromSeconds(Math.Min(amount * seconds, 2 * Max.TotalSeconds)) : null
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? span : null;
    }

    private static double? SecondsOf(string unit) => unit switch
    {
        "ms" => 0.001,
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => null,
    };
}
