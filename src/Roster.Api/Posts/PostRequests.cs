using System.Text.Json;
using Roster.Api.Http;
using Roster.Core.Posts;

namespace Roster.Api.Posts;

/// <summary>HTTP requests as the use cases want them.</summary>
internal static class PostRequests
{
    /// <summary>The body of <c>POST /users/{id}/posts</c>.</summary>
    public static PublishPost.Request ToPublish(JsonElement body)
    {
        var fields = new JsonFields(body, "text");
        return new PublishPost.Request(fields.Text("text")) { Errors = fields.Errors };
    }

    /// <summary>The merge patch of <c>PATCH /posts/{id}</c>; a text cannot be removed, so null is an error.</summary>
    public static ChangePost.Request ToChange(JsonElement body, Func<long, bool>? accepts)
    {
        var fields = new JsonFields(body, "text");
        return new ChangePost.Request(fields.Text("text")) { Errors = fields.Errors, Accepts = accepts };
    }
}
