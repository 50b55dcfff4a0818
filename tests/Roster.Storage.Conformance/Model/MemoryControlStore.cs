using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Model;

/// <summary>The control contract as plainly as it can be said.</summary>
public sealed class MemoryControlStore : IControlStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, byte[]> secrets = [];
    private readonly Dictionary<string, (ApiKey Key, bool Revoked)> keys = [];
    private readonly Dictionary<string, (Lease Last, bool Held)> leases = [];
    private ShardMap? map;

    /// <inheritdoc/>
    public ValueTask<byte[]> SecretAsync(string name, ReadOnlyMemory<byte> candidate, CancellationToken cancellation) =>
        Locked(() =>
        {
            secrets.TryAdd(name, candidate.ToArray());
            return secrets[name].ToArray();
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ApiKey>> KeysAsync(CancellationToken cancellation) =>
        Locked<IReadOnlyList<ApiKey>>(() => [.. keys.Values.Where(k => !k.Revoked).Select(k => k.Key)]);

    /// <inheritdoc/>
    public ValueTask<bool> AddKeyAsync(ApiKey key, CancellationToken cancellation) =>
        Locked(() => keys.TryAdd(key.Id, (key, Revoked: false)));

    /// <inheritdoc/>
    public ValueTask<bool> RevokeKeyAsync(string id, CancellationToken cancellation) =>
        Locked(() =>
        {
            if (!keys.TryGetValue(id, out var entry) || entry.Revoked)
            {
                return false;
            }

            keys[id] = (entry.Key, Revoked: true);
            return true;
        });

    /// <inheritdoc/>
    public ValueTask<ShardMap?> ShardMapAsync(CancellationToken cancellation) => Locked(() => map);

    /// <inheritdoc/>
    public ValueTask<bool> ReplaceShardMapAsync(ShardMap map, CancellationToken cancellation) =>
        Locked(() =>
        {
            var next = (this.map?.Epoch ?? 0) == map.Epoch - 1;
            this.map = next ? map : this.map;
            return next;
        });

    /// <inheritdoc/>
    public ValueTask<Lease?> AcquireLeaseAsync(
        string name, string holder, DateTimeOffset now, TimeSpan duration, CancellationToken cancellation) =>
        Locked(() =>
        {
            var known = leases.TryGetValue(name, out var lease);
            var same = known && lease.Last.Holder == holder;
            if (known && !same && lease.Held && lease.Last.Until > now)
            {
                return null;
            }

            var fence = !known ? 1 : same ? lease.Last.Fence : lease.Last.Fence + 1;
            var granted = new Lease(name, holder, fence, now + duration);
            leases[name] = (granted, Held: true);
            return granted;
        });

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Lease>> LeasesAsync(string prefix, CancellationToken cancellation) =>
        Locked<IReadOnlyList<Lease>>(() =>
        [
            .. leases.Values.Where(lease => lease.Last.Name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(lease => lease.Held ? lease.Last : lease.Last with { Until = DateTimeOffset.UnixEpoch })
                .OrderBy(lease => lease.Name, StringComparer.Ordinal),
        ]);

    /// <inheritdoc/>
    public async ValueTask ReleaseLeaseAsync(string name, long fence, CancellationToken cancellation) =>
        await Locked(() =>
        {
            if (leases.TryGetValue(name, out var lease) && lease.Last.Fence == fence)
            {
                leases[name] = (lease.Last, Held: false);
            }

            return true;
        });

    private ValueTask<T> Locked<T>(Func<T> answer)
    {
        lock (gate)
        {
            return ValueTask.FromResult(answer());
        }
    }
}
