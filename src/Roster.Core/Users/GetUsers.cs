using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>Users by id, now or in the past; and the one place that decides whether a caller may know of a user.</summary>
public sealed class GetUsers(IStore store)
{
    /// <summary>Most ids in one request.</summary>
    public const int MaxIds = 500;

    /// <summary>One user without waiting, if it is at hand; then null means that the caller may not know of it.</summary>
    public bool TryOne(UserId id, Caller caller, ConsistencyToken after, out Read<User>? found)
    {
        var isHere = store.TryUser(id, after, out var read);
        found = Visible(read, caller);
        return isHere;
    }

    /// <summary>One user, or null.</summary>
    public ValueTask<Read<User>?> OneAsync(UserId id, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        TryOne(id, caller, after, out var found) ? new(found) : ReadAsync(id, caller, after, cancellation);

    /// <summary>Many users, in the order asked for; null where there is none.</summary>
    public async ValueTask<IReadOnlyList<Read<User>?>> ManyAsync(
        IReadOnlyList<UserId> ids, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        var reads = await store.UsersAsync(ids, after, cancellation);
        return [.. reads.Select(read => Visible(read, caller))];
    }

    /// <summary>A past state, or null: unknown users, versions that never were, times before the sign-up.</summary>
    public async ValueTask<Read<User>?> PastAsync(
        UserId id, PastState when, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        await OneAsync(id, caller, after, cancellation) is null
            ? null
            : Visible(await store.PastStateAsync(id, when, after, cancellation), caller);

    private async ValueTask<Read<User>?> ReadAsync(UserId id, Caller caller, ConsistencyToken after, CancellationToken cancellation) =>
        Visible(await store.UserAsync(id, after, cancellation), caller);

    private static Read<User>? Visible(Read<User>? read, Caller caller) =>
        read is not null && caller.Reaches(read.State.Id) && read.State.Tenant == caller.Tenant && (read.State.Exists || caller.SeesDeleted) ? read : null;
}
