using GraphQL.Utilities;
using Roster.Api.Users;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.GraphQL;

/// <summary>Mutations of users, each on its use case.</summary>
internal sealed class UserWrites(RegisterUser register, ChangeUser change, DeleteUser delete, SuspendUser suspend)
{
    private const string Resource = "user";

    public void Add(SchemaBuilder types)
    {
        Add(types, "registerUser", RegisterAsync);
        Add(types, "changeUser", ChangeAsync);
        Add(types, "deleteUser", DeleteAsync);
        Add(types, "suspendUser", call => SetAsync(call, suspend.SuspendAsync));
        Add(types, "reactivateUser", call => SetAsync(call, suspend.ReactivateAsync));
    }

    private static void Add(SchemaBuilder types, string field, Func<MutationCall, Task<Payload>> write) =>
        types.Types.For("Mutation").FieldFor(field).Resolver =
            GraphSchema.AnswerAsync((context, asking) => MutationCall.CatchAsync(() => write(new MutationCall(context, asking))));

    private static object Shown(User user, Position asOf) => new Read<User>(user, asOf, UserJson.Encode);

    private async Task<Payload> RegisterAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.UsersWrite, orSelf: false);
        var result = await register.HandleAsync(UserRequests.ToRegister(call.Input()), caller, call.Key(), call.Cancellation);
        return call.Ended(Resource, result, Shown);
    }

    private async Task<Payload> ChangeAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.UsersWrite);
        var request = UserRequests.ToChange(call.Input(), call.Accepts());
        return !UserId.TryParse(call.Id(), out var id) ? MutationCall.Unknown(Resource)
            : call.Ended(Resource, await change.HandleAsync(id, request, caller, call.Key(), call.Cancellation), Shown);
    }

    private async Task<Payload> DeleteAsync(MutationCall call)
    {
        var caller = call.Asking.As(Scopes.UsersWrite);
        return !UserId.TryParse(call.Id(), out var id) ? MutationCall.Unknown(Resource) : call.Ended(
            Resource, await delete.HandleAsync(id, call.Accepts(), caller, call.Key(), call.Cancellation), (_, _) => id.ToString());
    }

    private static async Task<Payload> SetAsync(
        MutationCall call, Func<UserId, Caller, IdempotencyKey?, CancellationToken, ValueTask<WriteResult<User>>> set)
    {
        var caller = call.Asking.As(Scopes.UsersWrite, orSelf: false);
        return !UserId.TryParse(call.Id(), out var id) ? MutationCall.Unknown(Resource)
            : call.Ended(Resource, await set(id, caller, call.Key(), call.Cancellation), Shown);
    }
}
