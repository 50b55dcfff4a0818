using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Roster.Api.Http;

/// <summary>A resource's version as its ETag, <c>"3"</c>, and the conditions of RFC 9110, 13.1.</summary>
internal static class EntityTag
{
    private static readonly string[] Few = [.. Enumerable.Range(0, 256).Select(version => $"\"{version}\"")];

    public static string Of(long version) => version is >= 0 and < 256 ? Few[version] : $"\"{version}\"";

    /// <summary><c>If-Match</c> as a rule on versions; null when the header is absent. Strong comparison: weak tags match nothing.</summary>
    public static Func<long, bool>? Accepted(HttpRequest request)
    {
        if (request.Headers.IfMatch is not { Count: > 0 } header)
        {
            return null;
        }

        var tags = Parse(header, "If-Match");
        return version => tags.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(Of(version), StringComparison.Ordinal)));
    }

    /// <summary>Whether <c>If-None-Match</c> names this version (weak comparison): the answer is 304.</summary>
    public static bool IsKnownToClient(HttpRequest request, long version) => request.Headers.IfNoneMatch.Count > 0 && IsKnownToClient(request, Of(version));

    /// <summary>Whether <c>If-None-Match</c> names this tag, given with its quotation marks (weak comparison).</summary>
    public static bool IsKnownToClient(HttpRequest request, string known) =>
        request.Headers.IfNoneMatch is { Count: > 0 } header
        && Parse(header, "If-None-Match").Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any) || tag.Tag.Equals(known, StringComparison.Ordinal));

    private static IList<EntityTagHeaderValue> Parse(StringValues header, string name) =>
        EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags)
            ? tags
            : throw RefusedRequest.Malformed($"{name} must be a list of entity tags such as \"3\", or *.");
}
