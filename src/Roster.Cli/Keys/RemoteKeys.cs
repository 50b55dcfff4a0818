using Roster.Cli.Remote;
using Roster.Client;

namespace Roster.Cli.Keys;

/// <summary>Keys over HTTP, from a server that runs.</summary>
internal sealed class RemoteKeys(ServerAddress server) : IKeyRegistry
{
    // A person waits, and sees at once what is wrong.
    private readonly RosterClient client = server.Open(new RosterClientOptions { Patience = TimeSpan.Zero });

    public Task<string> CreateAsync(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken cancellation) =>
        Answers.AskAsync(server, async () => (await client.CreateKeyAsync(new NewKey(name, scopes, expiresAt), cancellation)).Secret!);

    public Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancellation) =>
        Answers.AskAsync<IReadOnlyList<ListedKey>>(server, async () => [.. (await client.ListKeysAsync(cancellation))
            .Select(key => new ListedKey(key.Id, key.Name, key.Scopes, ListedKey.TextOf(key.ExpiresAt)))]);

    public Task RevokeAsync(string id, CancellationToken cancellation) => Answers.AskAsync(server, async () =>
    {
        await client.RevokeKeyAsync(id, cancellation);
        return id;
    });

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return default;
    }
}
