using System.Globalization;

namespace Roster.Cli.Verbs;

/// <summary>Amounts as people read them.</summary>
internal static class Counted
{
    private const double Step = 1024;
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary><c>1 shard</c>, <c>2 shards</c>.</summary>
    public static string Of(long count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    /// <summary><c>12,345</c>.</summary>
    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>512 bytes</c>, <c>1.5 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        double amount = bytes;
        for (; amount >= Step && unit < Units.Length - 1; unit++)
        {
            amount /= Step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {Units[unit]}");
    }

    /// <summary><c>0.4 ms</c>.</summary>
    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    /// <summary><c>12 s</c>, <c>3.5 h</c>.</summary>
    public static string Time(TimeSpan time)
    {
        var (amount, unit) = time switch
        {
            { TotalMinutes: < 2 } => (time.TotalSeconds, "s"),
            { TotalHours: < 2 } => (time.TotalMinutes, "min"),
            { TotalDays: < 2 } => (time.TotalHours, "h"),
            _ => (time.TotalDays, "days"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {unit}");
    }
}
