using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Text;

namespace Roster.Core.Users;

/// <summary>Lists users with filters and keyset cursors: page 10,000 costs what page 1 costs.</summary>
public sealed class FindUsers(IStore store, Placement placement)
{
    /// <summary>Users per page when a client does not say.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Most users per page.</summary>
    public const int MaxLimit = 500;

    private const int IdLength = 16;

    /// <summary>Which users; every filter that is given must hold.</summary>
    /// <param name="Email">The owner of this e-mail, in any spelling.</param>
    /// <param name="NamePrefix">Names that begin so, whatever their case.</param>
    /// <param name="Status">Users with this status.</param>
    public sealed record Filter(string? Email, string? NamePrefix, UserStatus? Status);

    /// <summary>A page, or null when the cursor is not one of this list.</summary>
    /// <param name="filter">Which users.</param>
    /// <param name="limit">1 to <see cref="MaxLimit"/>.</param>
    /// <param name="cursor">Where the page before ended; null for the first page.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="after">The read must include everything the token covers.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async ValueTask<Page<Read<User>>?> HandleAsync(
        Filter filter, int limit, string? cursor, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        var prefix = filter.NamePrefix is null ? null : FoldedName.Of(filter.NamePrefix);
        var filters = Named(filter);
        UserListKey? from = null;
        if (cursor is not null && !TryReadKey(cursor, filters, byName: prefix is not null, out from))
        {
            return null;
        }

        if (filter.Email is not null)
        {
            var owner = await OwnerAsync(filter, prefix, caller, after, cancellation);
            return new Page<Read<User>>(owner is null || from is not null ? [] : [owner], null);
        }

        var query = new UserQuery
        {
            Tenant = caller.Tenant,
            Limit = limit + 1,
            Status = filter.Status,
            // Without the cast a null array would become an empty memory: a prefix that all names have.
            NamePrefix = prefix is null ? null : (ReadOnlyMemory<byte>?)prefix,
            After = from,
        };
        var found = await store.ListAsync(query, after, cancellation);
        return Page.Of(found, limit, last => WriteKey(filters, last.State, prefix is not null));
    }

    /// <summary>Where a list goes on after a user.</summary>
    public static string CursorAfter(Filter filter, User user) => WriteKey(Named(filter), user, filter.NamePrefix is not null);

    private static string Named(Filter filter) =>
        $"users {filter.Email?.Length}:{filter.Email} {filter.NamePrefix?.Length}:{filter.NamePrefix} {filter.Status}";

    private async ValueTask<Read<User>?> OwnerAsync(
        Filter filter, byte[]? prefix, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        if (!EmailAddress.TryParse(filter.Email!, out var email, out _))
        {
            return null;
        }

        var claim = new ClaimKey(placement.BucketOf(caller.Tenant, email.Key), caller.Tenant, email.Key);
        var owner = await store.UserByEmailAsync(claim, after, cancellation);
        return owner is { State.Exists: true }
            && (filter.Status is null || owner.State.Status == filter.Status)
            && (prefix is null || FoldedName.Of(owner.State.Name).AsSpan().StartsWith(prefix))
            ? owner
            : null;
    }

    private static string WriteKey(string filters, User last, bool byName)
    {
        var id = last.Id.Value.ToByteArray(bigEndian: true);
        return Cursor.Write(filters, byName ? [.. id, .. FoldedName.Of(last.Name)] : id);
    }

    private static bool TryReadKey(string cursor, string filters, bool byName, out UserListKey? key)
    {
        key = null;
        if (!Cursor.TryRead(cursor, filters, out var bytes) || bytes.Length < IdLength || (!byName && bytes.Length > IdLength))
        {
            return false;
        }

        key = new UserListKey(new UserId(new Guid(bytes.AsSpan(0, IdLength), bigEndian: true)), bytes.AsMemory(IdLength));
        return true;
    }
}
