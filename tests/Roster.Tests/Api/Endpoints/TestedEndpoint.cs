namespace Roster.Tests.Api.Endpoints;

/// <summary>
/// One row of the table of endpoints. In paths, bodies and headers <c>{id}</c> is a new user, <c>{email}</c> a free
/// e-mail, <c>{taken}</c> another user's, <c>{post}</c> its post, <c>{key}</c> a new key's id, <c>{used}</c> an Idempotency-Key used before.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The route.</param>
/// <param name="Scope">What it needs; null when it is open.</param>
public sealed record TestedEndpoint(string Method, string Pattern, string? Scope)
{
    /// <summary>Whether any key gets in, as each field of what it asks for needs its own scope.</summary>
    public bool IsByField { get; init; }

    /// <summary>A request that works.</summary>
    public required Trial Happy { get; init; }

    /// <summary>Requests that cannot work.</summary>
    public IReadOnlyList<Trial> Invalid { get; init; } = [];

    /// <summary>Requests that the state does not allow.</summary>
    public IReadOnlyList<Trial> Conflicting { get; init; } = [];

    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>A request to an endpoint, and the status that must come.</summary>
/// <param name="Status">Expected.</param>
/// <param name="Path">Where it differs from the route: another id, a query.</param>
/// <param name="Body">JSON, if any.</param>
/// <param name="Header">A header, if any: <c>If-Match: "9"</c>.</param>
public sealed record Trial(int Status, string? Path = null, string? Body = null, string? Header = null);
