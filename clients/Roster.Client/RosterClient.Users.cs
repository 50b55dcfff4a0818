using System.Globalization;

namespace Roster.Client;

/// <content>Users.</content>
public sealed partial class RosterClient
{
    /// <summary>Signs a user up. 409 <c>email-taken</c> when the e-mail is somebody else's.</summary>
    /// <param name="user">Whom.</param>
    /// <param name="idempotencyKey">To repeat it safely even after this process ended; null to make one.</param>
    /// <param name="cancellation">Stops waiting; the user may have been made.</param>
    public Task<User> RegisterUserAsync(NewUser user, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Write(HttpMethod.Post, "/users", idempotencyKey).With(user, RosterJson.Default.NewUser), RosterJson.Default.User, cancellation);

    /// <summary>All users that a filter lets through, a page at a time, by id, or by name with a prefix.</summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="pageSize">1 to 500; a page is one request.</param>
    /// <param name="cancellation">Stops it.</param>
    public IAsyncEnumerable<User> ListUsersAsync(UserFilter? filter = null, int pageSize = 50, CancellationToken cancellation = default) =>
        PagesAsync(
            "/users" + Query(
                ("limit", pageSize.ToString(CultureInfo.InvariantCulture)), ("email", filter?.Email), ("namePrefix", filter?.NamePrefix),
                ("status", filter?.Status), ("include", filter?.WithPosts is true ? "posts" : null)),
            RosterJson.Default.UserArray,
            cancellation);

    /// <summary>Up to 500 users in one request.</summary>
    public Task<UsersAndMissing> GetUsersAsync(IEnumerable<Guid> ids, CancellationToken cancellation = default) =>
        SendAsync(
            ApiRequest.Ask("/users:get").With(new IdList([.. ids.Select(id => id.ToString())]), RosterJson.Default.IdList),
            RosterJson.Default.UsersAndMissing,
            cancellation);

    /// <summary>A user, as it is or as it was. 404 when there is none.</summary>
    /// <param name="id">Which.</param>
    /// <param name="version">The state with this version; not together with a time.</param>
    /// <param name="at">The state at this time.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<User> GetUserAsync(Guid id, long? version = null, DateTimeOffset? at = null, CancellationToken cancellation = default) =>
        SendAsync(
            ApiRequest.Read($"/users/{id}" + Query(
                ("version", version?.ToString(CultureInfo.InvariantCulture)),
                ("at", at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)))),
            RosterJson.Default.User,
            cancellation);

    /// <summary>Changes what is set in the patch.</summary>
    /// <param name="id">Which user.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifVersion">Only if this is still the version; else 412 <c>version-mismatch</c>.</param>
    /// <param name="idempotencyKey">Null to make one.</param>
    /// <param name="cancellation">Stops waiting; the change may have happened.</param>
    public Task<User> ChangeUserAsync(
        Guid id, UserPatch patch, long? ifVersion = null, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(
            ApiRequest.Write(HttpMethod.Patch, $"/users/{id}", idempotencyKey).IfVersion(ifVersion).With(patch, RosterJson.Default.UserPatch, MergePatch),
            RosterJson.Default.User,
            cancellation);

    /// <summary>Deletes a user with all posts.</summary>
    public Task DeleteUserAsync(Guid id, long? ifVersion = null, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Write(HttpMethod.Delete, $"/users/{id}", idempotencyKey).IfVersion(ifVersion), cancellation);

    /// <summary>Keeps a user from posting.</summary>
    public Task<User> SuspendUserAsync(Guid id, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Write(HttpMethod.Post, $"/users/{id}/suspend", idempotencyKey), RosterJson.Default.User, cancellation);

    /// <summary>Ends a suspension.</summary>
    public Task<User> ReactivateUserAsync(Guid id, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Write(HttpMethod.Post, $"/users/{id}/reactivate", idempotencyKey), RosterJson.Default.User, cancellation);

    /// <summary>All that happened to a user and to its posts, oldest first, a page at a time.</summary>
    public IAsyncEnumerable<Event> GetHistoryAsync(Guid id, int pageSize = 50, CancellationToken cancellation = default) =>
        PagesAsync($"/users/{id}/history?limit={pageSize}", RosterJson.Default.EventArray, cancellation);
}
