using System.Globalization;

namespace Roster.Cli.Keys;

/// <summary>API keys, wherever they are kept: behind a server, or in the store itself.</summary>
internal interface IKeyRegistry : IAsyncDisposable
{
    /// <summary>Makes a key; its token, which is never to be had again.</summary>
    Task<string> CreateAsync(string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken cancellation);

    /// <summary>All keys that were not revoked, oldest first.</summary>
    Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancellation);

    /// <summary>Revokes a key for good.</summary>
    /// <exception cref="VerbException">There is no such key.</exception>
    Task RevokeAsync(string id, CancellationToken cancellation);
}

/// <summary>A key as <c>roster key list</c> shows it.</summary>
internal sealed record ListedKey(string Id, string Name, IReadOnlyList<string> Scopes, string? ExpiresAt)
{
    /// <summary>When a key ends, to the second.</summary>
    public static string? TextOf(DateTimeOffset? end) =>
        end?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
