using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Roster.Api.Auth;
using Roster.Api.Events;
using Roster.Api.Http;
using Roster.Api.Users.Import;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>The users feature over HTTP, whole: each endpoint translates to its use case and back.</summary>
internal static class UsersEndpoints
{
    private static readonly ResourceAnswers<User> UserAnswers =
        new("user", user => $"/users/{user.Id}", user => user.Version, UserJson.Encode);

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/users", Register).Needs(Scopes.UsersWrite);
        routes.MapGet("/users", List).Needs(Scopes.UsersRead, also: Scopes.PostsRead, when: UserRequests.AsksForPosts);
        routes.MapPost("/users:get", GetMany).Needs(Scopes.UsersRead);
        routes.MapGet("/users/{id}", ReadyAnswer.From(routes, (GetUsers users) => new RequestDelegate(http => Get(http, users)))).Needs(Scopes.UsersRead).OrSelf();
        routes.MapPatch("/users/{id}", Change).Needs(Scopes.UsersWrite).OrSelf();
        routes.MapDelete("/users/{id}", Delete).Needs(Scopes.UsersWrite).OrSelf();
        routes.MapPost("/users/{id}/suspend", Suspend).Needs(Scopes.UsersWrite);
        routes.MapPost("/users/{id}/reactivate", Reactivate).Needs(Scopes.UsersWrite);
        routes.MapGet("/users/{id}/history", History).Needs(Scopes.UsersRead).OrSelf();
        ImportEndpoint.Map(routes);
        ExportEndpoint.Map(routes);
    }

    private static async Task<IResult> Register(HttpContext http, RegisterUser register)
    {
        var body = await JsonBody.ReadAsync(http, MediaTypes.Json);
        var result = await register.HandleAsync(
            UserRequests.ToRegister(body), http.Caller(), http.Key(body), http.RequestAborted);
        return UserAnswers.OfWrite(http, result, RegisterUser.SuccessStatus);
    }

    private static async Task<IResult> List(HttpContext http, FindUsers find, GetPosts posts)
    {
        var query = http.Request.Query;
        var withPosts = UserRequests.ToInclude(query);
        var page = await find.HandleAsync(
            UserRequests.ToFilter(query),
            query.Limit(FindUsers.DefaultLimit, FindUsers.MaxLimit),
            query.Text("after"),
            http.Caller(),
            http.After(),
            http.RequestAborted);
        if (page is null)
        {
            return ListAnswers.BadCursor();
        }

        NextLink.Add(http, page.Next);
        return new JsonBytes(withPosts
            ? UsersWithPosts.Encode(page.Items, await posts.NewestAsync(page.Items, http.After(), http.RequestAborted))
            : JsonArrays.Of(page.Items.Select(user => user.Body)));
    }

    private static async Task<IResult> GetMany(HttpContext http, GetUsers users)
    {
        var sent = UserRequests.ToIds(await JsonBody.ReadAsync(http, MediaTypes.Json));
        var ids = sent.Where(text => UserId.TryParse(text, out _)).Select(text => new UserId(Guid.Parse(text))).Distinct().ToList();
        var found = await users.ManyAsync(ids, http.Caller(), http.After(), http.RequestAborted);
        return new JsonBytes(FoundAndMissing.Encode(sent, found));
    }

    /// <summary>The hot path: no scope of services, no result object, and no task when the user is at hand.</summary>
    private static Task Get(HttpContext http, GetUsers users)
    {
        var past = http.Request.QueryString.HasValue ? UserRequests.ToPast(http.Request.Query) : null;
        if (!UserId.TryParse(http.Request.RouteValues["id"] as string, out var user))
        {
            return Problem.NotFound("user").ExecuteAsync(http);
        }

        var (caller, after) = (http.Caller(), http.After());
        return past is { } when ? UserAnswers.WaitAsync(http, users.PastAsync(user, when, caller, after, http.RequestAborted))
            : users.TryOne(user, caller, after, out var atHand) ? UserAnswers.WriteAsync(http, atHand)
            : UserAnswers.WaitAsync(http, users.OneAsync(user, caller, after, http.RequestAborted));
    }

    private static async Task<IResult> Change(string id, HttpContext http, ChangeUser change)
    {
        var body = await JsonBody.ReadAsync(http, MediaTypes.Json, MediaTypes.MergePatch);
        var request = UserRequests.ToChange(body, EntityTag.Accepted(http.Request));
        return !UserId.TryParse(id, out var user) ? Problem.NotFound("user") : UserAnswers.OfWrite(
            http, await change.HandleAsync(user, request, http.Caller(), http.Key(body), http.RequestAborted), 200);
    }

    private static async Task<IResult> Delete(string id, HttpContext http, DeleteUser delete)
    {
        var accepted = EntityTag.Accepted(http.Request);
        return !UserId.TryParse(id, out var user) ? Problem.NotFound("user") : UserAnswers.OfWrite(
            http, await delete.HandleAsync(user, accepted, http.Caller(), http.Key(), http.RequestAborted), 204);
    }

    private static async Task<IResult> Suspend(string id, HttpContext http, SuspendUser suspend) =>
        !UserId.TryParse(id, out var user) ? Problem.NotFound("user") : UserAnswers.OfWrite(
            http, await suspend.SuspendAsync(user, http.Caller(), http.Key(), http.RequestAborted), 200);

    private static async Task<IResult> Reactivate(string id, HttpContext http, SuspendUser suspend) =>
        !UserId.TryParse(id, out var user) ? Problem.NotFound("user") : UserAnswers.OfWrite(
            http, await suspend.ReactivateAsync(user, http.Caller(), http.Key(), http.RequestAborted), 200);

    private static async Task<IResult> History(string id, HttpContext http, ReadHistory history)
    {
        var query = http.Request.Query;
        var limit = query.Limit(FindUsers.DefaultLimit, FindUsers.MaxLimit);
        if (!UserId.TryParse(id, out var user))
        {
            return Problem.NotFound("user");
        }

        var result = await history.HandleAsync(
            user, limit, query.Text("after"), http.Caller(), http.After(), http.RequestAborted);
        return ListAnswers.Of(http, result, "user", CloudEventJson.Encode);
    }
}
