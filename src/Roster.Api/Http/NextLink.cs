using Microsoft.AspNetCore.Http;

namespace Roster.Api.Http;

/// <summary>The <c>Link</c> to the next page (RFC 8288): this request's own path and query with another cursor.</summary>
internal static class NextLink
{
    public static void Add(HttpContext http, string? cursor)
    {
        if (cursor is null)
        {
            return;
        }

        var others = http.Request.Query.Where(parameter => !parameter.Key.Equals("after", StringComparison.OrdinalIgnoreCase));
        http.Response.Headers.Link = $"<{To(http.Request.Path, cursor, QueryString.Create(others))}>; rel=\"next\"";
    }

    /// <summary>The path of the page at a cursor.</summary>
    public static string To(string path, string cursor, QueryString query = default) => $"{path}{query.Add("after", cursor)}";
}
