using System.Globalization;

namespace Roster.Cli.Bench.Results;

/// <summary>How a request ended: an HTTP status, or one of these.</summary>
internal static class Status
{
    /// <summary>The connection broke, or could not be opened.</summary>
    public const int Broken = 0;

    /// <summary>No answer came in time after the end of the run.</summary>
    public const int Unanswered = -1;

    /// <summary>No connection was free in time after the end of the run.</summary>
    public const int Unsent = -2;

    /// <summary>Whether it is a success.</summary>
    public static bool IsSuccess(int status) => status is >= 200 and < 300;

    /// <summary>For people.</summary>
    public static string NameOf(int status) => status switch
    {
        Broken => "broken",
        Unanswered => "unanswered",
        Unsent => "unsent",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };
}
