using GraphQL.Utilities;
using Roster.Api.Posts;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Api.GraphQL;

/// <summary>Mutations of posts, each on its use case.</summary>
internal sealed class PostWrites(PublishPost publish, ChangePost change, DeletePost delete)
{
    private const string Resource = "post";

    public void Add(SchemaBuilder types)
    {
        Add(types, "publishPost", PublishAsync);
        Add(types, "changePost", ChangeAsync);
        Add(types, "deletePost", DeleteAsync);
    }

    private static void Add(SchemaBuilder types, string field, Func<MutationCall, Task<Payload>> write) =>
        types.Types.For("Mutation").FieldFor(field).Resolver =
            GraphSchema.AnswerAsync((context, asking) => MutationCall.CatchAsync(() => write(new MutationCall(context, asking))));

    private static object Shown(Post post, Position asOf) => new Read<Post>(post, asOf, PostJson.Encode);

    private async Task<Payload> PublishAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.PostsWrite);
        return !UserId.TryParse(call.Id("userId"), out var author) ? MutationCall.Unknown("user") : call.Ended(
            "user", await publish.HandleAsync(author, PostRequests.ToPublish(call.Input()), caller, call.Key(), call.Cancellation), Shown);
    }

    private async Task<Payload> ChangeAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.PostsWrite);
        return !PostId.TryParse(call.Id(), out var id) ? MutationCall.Unknown(Resource) : call.Ended(
            Resource, await change.HandleAsync(id, PostRequests.ToChange(call.Input(), call.Accepts()), caller, call.Key(), call.Cancellation), Shown);
    }

    private async Task<Payload> DeleteAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.PostsWrite);
        return !PostId.TryParse(call.Id(), out var id) ? MutationCall.Unknown(Resource) : call.Ended(
            Resource, await delete.HandleAsync(id, call.Accepts(), caller, call.Key(), call.Cancellation), (_, _) => id.ToString());
    }
}
