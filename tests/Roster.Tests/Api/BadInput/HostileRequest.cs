using System.Text;
using CsCheck;
using Roster.Core.Ids;

namespace Roster.Tests.Api.BadInput;

/// <summary>
/// A request that somebody might send to do harm. Its framing is sound (one request line, one length), so that an
/// answer must come; everything inside is free: odd bytes in headers, broken JSON, paths of nothing.
/// </summary>
/// <param name="Method">Of the request line.</param>
/// <param name="Target">Of the request line; <c>{id}</c> is a user that exists.</param>
/// <param name="Headers">Lines such as <c>If-Match: "1"</c>, a character per byte.</param>
/// <param name="Body">The bytes.</param>
internal sealed record HostileRequest(string Method, string Target, IReadOnlyList<string> Headers, byte[] Body)
{
    private static readonly string[] Bodies =
    [
        """{ "name": "Ada", "email": "ada@example.com", "attributes": { "a": [1, "x", { "b": null }], "ü": 1.5e3 } }""",
        """{ "name": "Grace" }""", """{ "attributes": { "a": null, "b": { "c": [] } } }""", """{ "email": " Straße@MÜNCHEN.de" }""",
        """{ "ids": ["01890a5d-ac96-774b-bcce-b302099a8057", "x", ""] }""",
        """{ "name": "k", "scopes": ["users:read"], "expiresAt": "2126-01-31T12:00:00+02:00" }""",
        "name,email\nAda,ada@example.com\n\"Lovelace, Ada\",\"x@y.z\"\n", """{ "name": "A", "email": "a@b.de" }""" + "\n{}\n",
        "{}", "[]", "null", "", """{ "text": "Hello, 😀" }""",
    ];

    private static readonly string[] Pieces =
    [
        "\"", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "{", "}", "[", "]", ",", ":", "null", "true", "1e999", "-0", "0.1", "NaN", "\0", "\xFF", "\xC0\x80",
        "\xED\xA0\x80", "\xEF\xBB\xBF", "\xF0\x9F\x98\x80", "\n", "\r", "\t", " ", "*", "W/", "@", "%", "%00", "%FF", "%2e%2e", "&", "=", "?", "#", ";", "/", "..",
        "9223372036854775808", "-9223372036854775808", "99999999999999999999999999", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999-14:00",
        "\xCC\x81\xCC\x81", "xn--", "\xE2\x80\x8D", new string('[', 200), new string('a', 5_000), "\"name\":", "\"email\":", "\"attributes\":{", "${jndi:x}", "'--",
    ];

    private static readonly string[] Targets =
    [
        "/users", "/users", "/users/", "/users/{id}", "/users/{id}", "/users/{id}/suspend", "/users/{id}/reactivate", "/users/{id}/history", "/users:get",
        "/users/import", "/users/export", "/keys", "/keys/x", "/livez", "/readyz", "/healthz", "/metrics", "/", "*", "//users", "/users/../keys",
        "/users?limit=1&after=AQ", "/users?namePrefix=a&status=active", "/users?email=ada@example.com&limit=500", "/users/{id}?version=1",
        "/users/{id}?at=2026-01-31T12:00:00Z", "/users/{id}/history?limit=1&after=AQAB", "/users/import?sendMail=false", "http://x/users", "/graphql", "/posts/x",
        "/users/{id}/posts", "/users/{id}/posts?limit=2&after=AQAB", "/posts/{id}", "/users?include=posts",
    ];

    private static readonly string[] HeaderLines =
    [
        "Content-Type: application/json", "Content-Type: application/json", "Content-Type: application/merge-patch+json", "Content-Type: text/csv",
        "Content-Type: application/x-ndjson", "Content-Type: application/json; charset=utf-8", "If-Match: \"1\"", "If-Match: *", "If-None-Match: W/\"1\", \"2\"",
        "Idempotency-Key: k1", "Consistency-Token: AQABAQ", "Accept: application/openmetrics-text; version=1.0.0", "Accept-Encoding: gzip", "Cookie: a=b",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "Range: bytes=0-", "Expect: 100-continue", "X-Forwarded-For: 1",
        "Content-Encoding: gzip", "Authorization: Bearer x", "Origin: null", "baggage: a=b", "tracestate: a=b", "Last-Event-ID: 1",
    ];

    private static readonly Gen<string> RandomBytes = Gen.Byte.Array[0, 40].Select(Encoding.Latin1.GetString);

    /// <summary>Requests that work, of which one part at a time goes wrong: what gets past the first check.</summary>
    private static readonly Gen<(string Method, string Target, string Body)> Sound = Gen.OneOf(
        ("POST", "/users", Bodies[0]), ("PATCH", "/users/{id}", Bodies[0]), ("PATCH", "/users/{id}", Bodies[2]), ("POST", "/users:get", Bodies[4]), ("POST", "/keys", Bodies[5]));

    private static readonly Gen<HostileRequest> Wild = Gen.Select(
        Gen.Frequency((9, Gen.OneOf("GET", "POST", "POST", "POST", "PATCH", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE")), (1, Mutated(Gen.OneOf("GET", "POST")))),
        Gen.Frequency((3, Gen.OneOf(Targets)), (2, Mutated(Gen.OneOf(Targets)))),
        Gen.Frequency((2, Gen.OneOf(HeaderLines)), (1, Gen.OneOf(HeaderLines).SelectMany(MutatedValue))).Array[0, 4],
        Gen.Frequency((2, Gen.OneOf(Bodies)), (6, Mutated(Gen.OneOf(Bodies))), (1, RandomBytes)),
        (method, target, headers, body) => new HostileRequest(
            Line(method).Replace(" ", "_", StringComparison.Ordinal), Line(target).Replace(" ", "%20", StringComparison.Ordinal), [.. headers.Select(Line)], BytesOf(body)));

    private static readonly Gen<HostileRequest> Nearly = Gen.Select(
        Sound, Gen.OneOf(Pieces), Gen.Double[0, 1], Gen.OneOf(HeaderLines).SelectMany(MutatedValue).Array[0, 1],
        (sound, piece, place, headers) =>
        {
            var body = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(sound.Body));
            return new HostileRequest(sound.Method, sound.Target, [.. headers.Select(Line)], BytesOf(body.Insert((int)(place * body.Length), piece)));
        });

    public static readonly Gen<HostileRequest> Any = Gen.Frequency((1, Wild), (1, Nearly));

    /// <summary>The head, with a key that may do everything unless the request brings its own.</summary>
    public string HeadFor(string host, string key, UserId user)
    {
        var auth = Headers.Any(line => line.StartsWith("Authorization", StringComparison.Ordinal)) ? [] : (string[])[$"Authorization: Bearer {key}"];
        return string.Join("\r\n", [$"{Method} {Target.Replace("{id}", user.ToString(), StringComparison.Ordinal)} HTTP/1.1", $"Host: {host}", .. auth, .. Headers]);
    }

    public override string ToString() => $"{Method} {Target} | {string.Join(" | ", Headers)} | {Convert.ToHexString(Body)} | {Encoding.Latin1.GetString(Body)}";

    private static Gen<string> MutatedValue(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal) + 2;
        return Mutated(Gen.OneOf(line[colon..], "")).Select(value => line[..colon] + value);
    }

    /// <summary>One to four cuts, each with something else in its place.</summary>
    private static Gen<string> Mutated(Gen<string> valid) => Gen.Select(
        valid.Select(text => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text))),
        Gen.Select(Gen.Double[0, 1], Gen.Int[0, 6], Gen.Frequency((4, Gen.OneOf(Pieces)), (1, RandomBytes), (1, Gen.OneOf("")))).Array[1, 4],
        (text, cuts) => cuts.Aggregate(text, (now, cut) =>
        {
            var at = (int)(cut.Item1 * now.Length);
            return now[..at] + cut.Item3 + now[Math.Min(now.Length, at + cut.Item2)..];
        }));

    // A line end inside would make it another request.
    private static string Line(string text) => text.Replace('\r', 'r').Replace('\n', 'n').Length is 0 ? "x" : text.Replace('\r', 'r').Replace('\n', 'n');

    private static byte[] BytesOf(string text) => text.All(char.IsAscii) || text.All(letter => letter < 256) ? Encoding.Latin1.GetBytes(text) : Encoding.UTF8.GetBytes(text);
}
