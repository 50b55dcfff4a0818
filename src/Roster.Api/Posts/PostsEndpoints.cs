using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.Requests;

namespace Roster.Api.Posts;

/// <summary>The posts feature over HTTP, whole: each endpoint translates to its use case and back.</summary>
internal static class PostsEndpoints
{
    private static readonly ResourceAnswers<Post> PostAnswers =
        new("post", post => $"/posts/{post.Id}", post => post.Version, PostJson.Encode);

    public static void MapPosts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/users/{id}/posts", Publish).Needs(Scopes.PostsWrite).OrSelf();
        routes.MapGet("/users/{id}/posts", List).Needs(Scopes.PostsRead).OrSelf();
        routes.MapGet("/posts/{id}", ReadyAnswer.From(routes, (GetPosts posts) => new RequestDelegate(http => Get(http, posts)))).Needs(Scopes.PostsRead).OrSelf();
        routes.MapPatch("/posts/{id}", Change).Needs(Scopes.PostsWrite).OrSelf();
        routes.MapDelete("/posts/{id}", Delete).Needs(Scopes.PostsWrite).OrSelf();
    }

    private static async Task<IResult> Publish(string id, HttpContext http, PublishPost publish)
    {
        var body = await JsonBody.ReadAsync(http, MediaTypes.Json);
        var request = PostRequests.ToPublish(body);
        if (!UserId.TryParse(id, out var author))
        {
            return Problem.NotFound("user");
        }

        var result = await publish.HandleAsync(author, request, http.Caller(), http.Key(body), http.RequestAborted);
        return result is WriteResult<Post>.NotFound
            ? Problem.NotFound("user")
            : PostAnswers.OfWrite(http, result, PublishPost.SuccessStatus);
    }

    private static async Task<IResult> List(string id, HttpContext http, GetPosts posts)
    {
        var query = http.Request.Query;
        var limit = query.Limit(GetPosts.DefaultLimit, GetPosts.MaxLimit);
        return !UserId.TryParse(id, out var author) ? Problem.NotFound("user") : ListAnswers.Of(
            http,
            await posts.OfUserAsync(author, limit, query.Text("after"), http.Caller(), http.After(), http.RequestAborted),
            "user",
            post => post.Body);
    }

    private static Task Get(HttpContext http, GetPosts posts)
    {
        var (caller, after) = (http.Caller(), http.After());
        return !PostId.TryParse(http.Request.RouteValues["id"] as string, out var post) ? PostAnswers.NotFound().ExecuteAsync(http)
            : posts.TryOne(post, caller, after, out var atHand) ? PostAnswers.WriteAsync(http, atHand)
            : PostAnswers.WaitAsync(http, posts.OneAsync(post, caller, after, http.RequestAborted));
    }

    private static async Task<IResult> Change(string id, HttpContext http, ChangePost change)
    {
        var body = await JsonBody.ReadAsync(http, MediaTypes.Json, MediaTypes.MergePatch);
        var request = PostRequests.ToChange(body, EntityTag.Accepted(http.Request));
        return !PostId.TryParse(id, out var post) ? PostAnswers.NotFound() : PostAnswers.OfWrite(
            http, await change.HandleAsync(post, request, http.Caller(), http.Key(body), http.RequestAborted), 200);
    }

    private static async Task<IResult> Delete(string id, HttpContext http, DeletePost delete)
    {
        var accepted = EntityTag.Accepted(http.Request);
        return !PostId.TryParse(id, out var post) ? PostAnswers.NotFound() : PostAnswers.OfWrite(
            http, await delete.HandleAsync(post, accepted, http.Caller(), http.Key(), http.RequestAborted), 204);
    }
}
