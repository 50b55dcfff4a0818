namespace Roster.Api.Http;

/// <summary>The <c>type</c> of every problem that Roster answers with (RFC 9457); documented in <c>docs/errors.md</c>.</summary>
internal static class ProblemTypes
{
    public const string Malformed = "urn:roster:problem:malformed";
    public const string WrongType = "urn:roster:problem:wrong-type";
    public const string Invalid = "urn:roster:problem:invalid";
    public const string BadCursor = "urn:roster:problem:bad-cursor";
    public const string BadToken = "urn:roster:problem:bad-consistency-token";
    public const string Unauthenticated = "urn:roster:problem:unauthenticated";
    public const string TooManyFailures = "urn:roster:problem:too-many-failures";
    public const string TooManyRequests = "urn:roster:problem:too-many-requests";
    public const string MissingScope = "urn:roster:problem:missing-scope";
    public const string NotFound = "urn:roster:problem:not-found";
    public const string EmailTaken = "urn:roster:problem:email-taken";
    public const string Conflict = "urn:roster:problem:conflict";
    public const string VersionMismatch = "urn:roster:problem:version-mismatch";
    public const string KeyReused = "urn:roster:problem:idempotency-key-reused";
    public const string Unavailable = "urn:roster:problem:unavailable";
    public const string EventsExpired = "urn:roster:problem:events-expired";
    public const string TooManyStreams = "urn:roster:problem:too-many-streams";
    public const string OutcomeUnknown = "urn:roster:problem:outcome-unknown";
    public const string Internal = "urn:roster:problem:internal";

    /// <summary>Problems that HTTP itself names, such as 405.</summary>
    public const string Http = "about:blank";
}
