namespace Roster.Client;

/// <content>Posts.</content>
public sealed partial class RosterClient
{
    /// <summary>Publishes a post. 409 <c>conflict</c> when the user is suspended.</summary>
    public Task<Post> PublishPostAsync(Guid user, string text, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(
            ApiRequest.Write(HttpMethod.Post, $"/users/{user}/posts", idempotencyKey).With(new PostText(text), RosterJson.Default.PostText),
            RosterJson.Default.Post,
            cancellation);

    /// <summary>All posts of a user, newest first, a page at a time.</summary>
    public IAsyncEnumerable<Post> ListPostsAsync(Guid user, int pageSize = 50, CancellationToken cancellation = default) =>
        PagesAsync($"/users/{user}/posts?limit={pageSize}", RosterJson.Default.PostArray, cancellation);

    /// <summary>A post. 404 when there is none.</summary>
    public Task<Post> GetPostAsync(Guid id, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Read($"/posts/{id}"), RosterJson.Default.Post, cancellation);

    /// <summary>Changes a post's text.</summary>
    /// <param name="id">Which.</param>
    /// <param name="text">The new text.</param>
    /// <param name="ifVersion">Only if this is still the version; else 412 <c>version-mismatch</c>.</param>
    /// <param name="idempotencyKey">Null to make one.</param>
    /// <param name="cancellation">Stops waiting; the change may have happened.</param>
    public Task<Post> EditPostAsync(
        Guid id, string text, long? ifVersion = null, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(
            ApiRequest.Write(HttpMethod.Patch, $"/posts/{id}", idempotencyKey).IfVersion(ifVersion).With(new PostPatch(text), RosterJson.Default.PostPatch, MergePatch),
            RosterJson.Default.Post,
            cancellation);

    /// <summary>Deletes a post.</summary>
    public Task DeletePostAsync(Guid id, long? ifVersion = null, string? idempotencyKey = null, CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Write(HttpMethod.Delete, $"/posts/{id}", idempotencyKey).IfVersion(ifVersion), cancellation);
}
