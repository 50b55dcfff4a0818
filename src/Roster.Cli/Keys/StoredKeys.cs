using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;

namespace Roster.Cli.Keys;

/// <summary>Keys straight on the configured storage; an embedded one must not be served meanwhile.</summary>
internal sealed class StoredKeys(OpenedStorage storage, TimeProvider time) : IKeyRegistry
{
    private readonly ManageKeys keys = new(storage.Control, time);

    public static async Task<StoredKeys> OpenAsync(string? folder, CancellationToken cancellation) =>
        new(await OpenedStorage.OpenAsync(SettingsFile.Read(folder), cancellation), TimeProvider.System);

    public async Task<string> CreateAsync(
        string name, IReadOnlyList<string> scopes, DateTimeOffset? expiresAt, CancellationToken cancellation)
    {
        var errors = new ValidationErrors();
        return await keys.CreateAsync(new ManageKeys.Request(name, scopes, expiresAt), TenantId.Default, errors, cancellation) is { } issued
            ? issued.Token
            : throw new VerbException($"The key cannot be made: {errors}.");
    }

    public async Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancellation) =>
        [.. (await keys.ListAsync(cancellation)).Select(key => new ListedKey(
            key.Id, key.Name, key.Scopes, ListedKey.TextOf(key.ExpiresAt)))];

    public async Task RevokeAsync(string id, CancellationToken cancellation)
    {
        if (!await keys.RevokeAsync(id, cancellation))
        {
            throw new VerbException("There is no such key.");
        }
    }

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}
