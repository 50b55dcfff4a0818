using System.Globalization;
using Microsoft.AspNetCore.Http;
using Roster.Core.Requests;

namespace Roster.Api.Http;

/// <summary>Query parameters: what cannot be read is 400, what is out of range is 422.</summary>
internal static class QueryReader
{
    /// <summary>A parameter given at most once; null when it was not given.</summary>
    public static string? Text(this IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count > 1 ? throw RefusedRequest.Malformed($"The parameter {name} is given twice.")
            : values.Count == 0 ? null
            : values[0] is { } text && text.Contains('\0', StringComparison.Ordinal)
                ? throw RefusedRequest.Invalid(new ValidationErrors().Add(name, "must not contain U+0000"))
            : values[0];
    }

    /// <summary>A page size.</summary>
    public static int Limit(this IQueryCollection query, int standard, int max)
    {
        if (query.Text("limit") is not { } text)
        {
            return standard;
        }

        var limit = Number("limit", text);
        return limit >= 1 && limit <= max
            ? (int)limit
            : throw RefusedRequest.Invalid(new ValidationErrors().Add("limit", $"must be 1 to {max}"));
    }

    /// <summary>A whole number; null when it was not given.</summary>
    public static long? Integer(this IQueryCollection query, string name) =>
        query.Text(name) is { } text ? Number(name, text) : null;

    /// <summary>A time in RFC 3339; null when it was not given.</summary>
    public static DateTimeOffset? Time(this IQueryCollection query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        // A "+" in a query means a space to many clients: "…T12:00:00 02:00" is taken for what was meant.
        return Rfc3339.TryParse(text.Replace(' ', '+'), out var time) ? time : throw RefusedRequest.WrongType(name, Rfc3339.Rule);
    }

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw RefusedRequest.WrongType(name, "must be a whole number");
}
