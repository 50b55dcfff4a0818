namespace Roster.Cli.Bench.Requests;

/// <summary>Something a client asks of the API; the name is the one on the command line.</summary>
/// <param name="Name">Short and in lower case.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Behind the server's address; <c>{id}</c> and <c>{email}</c> are a target's.</param>
/// <param name="Body">JSON; <c>{n}</c> is a number that no other request of any run has; empty for none.</param>
internal sealed record Operation(string Name, string Method, string Path, string Body = "")
{
    /// <summary>A sign-up with an e-mail that no other request has.</summary>
    public static readonly Operation Create = new("create", "POST", "/users", """{"name":"Bench {n}","email":"bench-{n}@example.com"}""");

    /// <summary>A user by id.</summary>
    public static readonly Operation Get = new("get", "GET", "/users/{id}");

    /// <summary>All that can be asked.</summary>
    public static readonly IReadOnlyList<Operation> Known =
    [
        Get,
        Create,
        new("list", "GET", "/users?limit=50"),
        new("email", "GET", "/users?email={email}"),
        new("patch", "PATCH", "/users/{id}", """{"name":"Bench {n}"}"""),
        new("post", "POST", "/users/{id}/posts", """{"text":"What I wanted to say: {n}"}"""),
        new("posts", "GET", "/users/{id}/posts"),
        new("history", "GET", "/users/{id}/history"),
    ];

    /// <summary>Whether it names a user.</summary>
    public bool NeedsTarget => Path.Contains('{', StringComparison.Ordinal);

    /// <summary>Whether it names a user's e-mail.</summary>
    public bool NeedsEmail => Path.Contains("{email}", StringComparison.Ordinal);

    /// <summary>The one of a name, or null.</summary>
    public static Operation? Of(string name) => Known.FirstOrDefault(each => each.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>By reference: these are looked up for every request.</summary>
    public bool Equals(Operation? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
