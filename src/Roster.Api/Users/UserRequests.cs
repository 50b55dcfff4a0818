using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Roster.Api.Http;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>HTTP requests as the use cases want them.</summary>
internal static class UserRequests
{
    private const string Posts = "posts";

    /// <summary>The body of <c>POST /users</c>.</summary>
    public static RegisterUser.Request ToRegister(JsonElement body)
    {
        var fields = new JsonFields(body, "name", "email", "attributes");
        return new RegisterUser.Request(fields.Text("name"), fields.Text("email"), fields.Object("attributes"))
        {
            Errors = fields.Errors,
        };
    }

    /// <summary>The merge patch of <c>PATCH /users/{id}</c>: null removes, and only attributes can be removed.</summary>
    public static ChangeUser.Request ToChange(JsonElement body, Func<long, bool>? accepts)
    {
        var fields = new JsonFields(body, "name", "email", "attributes");
        return new ChangeUser.Request
        {
            Name = fields.Text("name"),
            Email = fields.Text("email"),
            Attributes = fields.Object("attributes", orNull: true),
            Accepts = accepts,
            Errors = fields.Errors,
        };
    }

    /// <summary>The ids of <c>POST /users:get</c> as sent, with those that can be ids at all.</summary>
    public static IReadOnlyList<string> ToIds(JsonElement body)
    {
        var fields = new JsonFields(body, "ids");
        var ids = fields.Texts("ids", GetUsers.MaxIds);
        if (ids is null)
        {
            fields.Errors.AddMissing("ids");
        }

        fields.ThrowIfInvalid();
        return ids!;
    }

    /// <summary><c>?version=</c> or <c>?at=</c>; null for the present.</summary>
    public static PastState? ToPast(IQueryCollection query) => (query.Integer("version"), query.Time("at")) switch
    {
        (null, null) => null,
        ({ } version, null) => PastState.OfVersion(version),
        (null, { } at) => PastState.AtTime(at),
        _ => throw RefusedRequest.Malformed("Give either version or at."),
    };

    /// <summary>The filters of <c>GET /users</c>.</summary>
    public static FindUsers.Filter ToFilter(IQueryCollection query)
    {
        UserStatus? status = query.Text("status") switch
        {
            null => null,
            "active" => UserStatus.Active,
            "suspended" => UserStatus.Suspended,
            _ => throw RefusedRequest.Invalid(new Core.Requests.ValidationErrors().Add("status", "must be active or suspended")),
        };
        return new FindUsers.Filter(query.Text("email"), query.Text("namePrefix"), status);
    }

    /// <summary>Whether <c>GET /users</c> shall bring posts along: <c>?include=posts</c>.</summary>
    public static bool ToInclude(IQueryCollection query) => query.Text("include") switch
    {
        null => false,
        Posts => true,
        _ => throw RefusedRequest.Invalid(new Core.Requests.ValidationErrors().Add("include", "must be posts")),
    };

    /// <summary>The same before the request is known to be well-formed: whoever asks for posts must be allowed to read them.</summary>
    public static bool AsksForPosts(HttpRequest request) => request.Query["include"].Contains(Posts);
}
