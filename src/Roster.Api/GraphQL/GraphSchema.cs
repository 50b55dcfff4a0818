using GraphQL;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphQL.Utilities;
using Roster.Api.Users;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>
/// The schema: <c>schema.graphql</c> itself, which a gateway is given word for word, with what answers each field.
/// </summary>
internal static class GraphSchema
{
    private const string Federation = """

        scalar _Any
        union _Entity = User | Post
        type _Service { sdl: String! }
        extend type Query {
          _service: _Service!
          _entities(representations: [_Any!]!): [_Entity]!
        }
        """;

    private static readonly string[] Directives = [" @key(fields: \"id\")", " @shareable"];

    /// <summary>The subgraph's text, as it is checked in.</summary>
    public static string Text { get; } = ReadText();

    public static Schema Build(FindUsers find, UserWrites users, PostWrites posts)
    {
        var schema = Schema.For(Executable(), types =>
        {
            Entities(types);
            new QueryFields(find).Add(types);
            users.Add(types);
            posts.Add(types);
            var changed = types.Types.For("Subscription").FieldFor("userChanged");
            changed.Resolver = Answer(SubscriptionFields.UserChanged);

            // Each event is answered like a query of its own (SubscriptionAnswer): the executer's own streams have no back pressure.
            changed.StreamResolver = new SourceStreamResolver<object>(IObservable<object?> (_) => throw new InvalidOperationException("Streams are not the executer's."));
        });
        schema.RegisterTypes(new OpaqueScalar("JSON"), new OpaqueScalar("DateTime"), new OpaqueScalar("_Any"));
        schema.Initialize();
        return schema;
    }

    /// <summary>A resolver that has the operation at hand.</summary>
    public static FuncFieldResolver<object> Answer(Func<IResolveFieldContext, Asking, object?> resolve) =>
        new(context => resolve(context, (Asking)context.UserContext));

    /// <summary>A resolver that waits.</summary>
    public static FuncFieldResolver<object> AnswerAsync(Func<IResolveFieldContext, Asking, Task<object?>> resolve) =>
        new(context => new ValueTask<object?>(resolve(context, (Asking)context.UserContext)));

    private static string Executable()
    {
        var text = Text[Text.IndexOf('\n', StringComparison.Ordinal)..];
        return Directives.Aggregate(text, (cut, directive) => cut.Replace(directive, string.Empty, StringComparison.Ordinal)) + Federation;
    }

    private static void Entities(SchemaBuilder types)
    {
        types.Types.For("User").IsTypeOfFunc = value => value is Read<User>;
        types.Types.For("Post").IsTypeOfFunc = value => value is Read<Post>;
        Set<Read<User>>(types, "User", new()
        {
            ["id"] = user => user.State.Id.ToString(),
            ["name"] = user => user.State.Name,
            ["email"] = user => user.State.Email,
            ["attributes"] = user => System.Text.Json.JsonElement.Parse(user.State.Attributes.Json),
            ["status"] = user => UserJson.NameOf(user.State.Status),
            ["version"] = user => user.State.Version,
            ["createdAt"] = user => user.State.CreatedAt.UtcDateTime,
            ["updatedAt"] = user => user.State.UpdatedAt.UtcDateTime,
            ["deletedAt"] = user => user.State.DeletedAt?.UtcDateTime,
        });
        Set<Read<Post>>(types, "Post", new()
        {
            ["id"] = post => post.State.Id.ToString(),
            ["text"] = post => post.State.Text,
            ["version"] = post => post.State.Version,
            ["createdAt"] = post => post.State.CreatedAt.UtcDateTime,
            ["updatedAt"] = post => post.State.UpdatedAt.UtcDateTime,
        });
        types.Types.For("User").FieldFor("posts").Resolver = Answer(PostsOfUser);
        types.Types.For("Post").FieldFor("author").Resolver =
            Answer((context, asking) => asking.UserOf(((Read<Post>)context.Source!).State.User, asking.As(Scopes.UsersRead)));
        Set<Connection>(types, "UserConnection", Connection.Fields);
        Set<Connection>(types, "PostConnection", Connection.Fields);
        Set<Edge>(types, "UserEdge", Edge.Fields);
        Set<Edge>(types, "PostEdge", Edge.Fields);
        Set<Connection>(types, "PageInfo", Connection.PageInfo);
        types.Types.For("_Service").FieldFor("sdl").Resolver = new FuncFieldResolver<string>(_ => Text);
        WriteErrors.Add(types);
    }

    private static object PostsOfUser(IResolveFieldContext context, Asking asking)
    {
        var author = ((Read<User>)context.Source!).State.Id;
        _ = asking.As(Scopes.PostsRead);
        var asked = new PostsAsked(author, context.GetArgument("first", GetPosts.WithUser), context.GetArgument<string?>("after"));
        return asking.PostsOf(asked).Then<Connection>(page => page is null
            ? throw QueryFields.BadCursor()
            : new Connection([.. page.Items.Select(post => new Edge(GetPosts.CursorAfter(post.State), post))], page.Next is not null, asked.Cursor is not null));
    }

    /// <summary>Fields that are there already: nothing to wait for.</summary>
    public static void Set<T>(SchemaBuilder types, string type, Dictionary<string, Func<T, object?>> fields)
    {
        foreach (var (name, value) in fields)
        {
            types.Types.For(type).FieldFor(name).Resolver = new FuncFieldResolver<object>(context => value((T)context.Source!));
        }
    }

    private static string ReadText()
    {
        using var stream = typeof(GraphSchema).Assembly.GetManifestResourceStream("Roster.Api.GraphQL.schema.graphql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
