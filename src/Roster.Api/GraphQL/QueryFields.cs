using System.Collections;
using GraphQL;
using GraphQL.Utilities;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>What can be asked: each field translates to its use case.</summary>
internal sealed class QueryFields(FindUsers find)
{
    public void Add(SchemaBuilder types)
    {
        var query = types.Types.For("Query");
        query.FieldFor("user").Resolver = GraphSchema.Answer((context, asking) => User(asking, context.GetArgument<string>("id")));
        query.FieldFor("post").Resolver = GraphSchema.Answer((context, asking) => Post(asking, context.GetArgument<string>("id")));
        query.FieldFor("userByEmail").Resolver = GraphSchema.AnswerAsync(ByEmailAsync);
        query.FieldFor("users").Resolver = GraphSchema.AnswerAsync(UsersAsync);
        query.FieldFor("_service").Resolver = GraphSchema.Answer((_, _) => string.Empty);
        query.FieldFor("_entities").Resolver = GraphSchema.Answer(Entities);
    }

    public static ExecutionError BadCursor() => new("after is no cursor of this list.") { Code = "BAD_CURSOR" };

    private static object? User(Asking asking, string id)
    {
        var caller = asking.As(Scopes.UsersRead);
        return UserId.TryParse(id, out var user) ? asking.UserOf(user, caller) : null;
    }

    private static object? Post(Asking asking, string id)
    {
        var caller = asking.As(Scopes.PostsRead);
        return PostId.TryParse(id, out var post) ? asking.PostOf(post, caller) : null;
    }

    private async Task<object?> ByEmailAsync(IResolveFieldContext context, Asking asking)
    {
        var filter = new FindUsers.Filter(context.GetArgument<string>("email"), null, null);
        var found = await find.HandleAsync(filter, 1, null, asking.As(Scopes.UsersRead, orSelf: false), asking.After, context.CancellationToken);
        return found?.Items is [var owner, ..] ? owner : null;
    }

    private async Task<object?> UsersAsync(IResolveFieldContext context, Asking asking)
    {
        var caller = asking.As(Scopes.UsersRead, orSelf: false);
        var cursor = context.GetArgument<string?>("after");
        var sent = context.GetArgument<Dictionary<string, object?>?>("filter");
        var filter = new FindUsers.Filter(
            sent?.GetValueOrDefault("email") as string, sent?.GetValueOrDefault("namePrefix") as string, StatusOf(sent?.GetValueOrDefault("status") as string));
        var page = await find.HandleAsync(
            filter, context.GetArgument<int?>("first") ?? FindUsers.DefaultLimit, cursor, caller, asking.After, context.CancellationToken);
        return page is null ? throw BadCursor() : new Connection(
            [.. page.Items.Select(user => new Edge(FindUsers.CursorAfter(filter, user.State), user))], page.Next is not null, cursor is not null);
    }

    private static UserStatus? StatusOf(string? name) => name switch
    {
        null => null,
        "active" => UserStatus.Active,
        "suspended" => UserStatus.Suspended,
        _ => throw new ExecutionError("status must be active or suspended.") { Code = "INVALID" },
    };

    // One that cannot be understood is null like one that is missing: others of the same request are not its fault.
    private static object Entities(IResolveFieldContext context, Asking asking) =>
        context.GetArgument<IList>("representations").Cast<object?>().Select(one => Entity(asking, one)).ToList();

    private static object? Entity(Asking asking, object? sent)
    {
        var fields = sent as IDictionary<string, object?>;
        object? type = null, id = null;
        fields?.TryGetValue("__typename", out type);
        fields?.TryGetValue("id", out id);
        return (type, id) switch
        {
            ("User", string user) => User(asking, user),
            ("Post", string post) => Post(asking, post),
            _ => null,
        };
    }
}
