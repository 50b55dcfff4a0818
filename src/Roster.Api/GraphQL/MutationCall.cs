using System.Buffers;
using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using Roster.Api.Http;
using Roster.Core.Json;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.GraphQL;

/// <summary>One field of a mutation: its arguments as the use cases read them, its idempotency key, and what came of it.</summary>
internal sealed class MutationCall(IResolveFieldContext context, Asking asking)
{
    private static readonly GraphQLSerializer Json = new();

    public Asking Asking { get; } = asking;

    public CancellationToken Cancellation => context.CancellationToken;

    public string Id(string name = "id") => context.GetArgument<string>(name);

    /// <summary>The argument <c>input</c> as the JSON object that REST would be sent.</summary>
    public JsonElement Input() => ToJson(context.GetArgument<object?>("input"));

    /// <summary>Which versions may be changed; null for any.</summary>
    public Func<long, bool>? Accepts() =>
        context.GetArgument<int?>("ifVersion") is { } wanted ? version => version == wanted : null;

    /// <summary>The request's key and this field's response path, so that each field of a mutation has a key of its own.</summary>
    public IdempotencyKey? Key()
    {
        if (Asking.Key is not { } key)
        {
            return null;
        }

        var canonical = new ArrayBufferWriter<byte>();
        return CanonicalJson.TryWrite(ToJson(context.Arguments?.ToDictionary(one => one.Key, one => one.Value.Value, StringComparer.Ordinal)), canonical, out var problem)
            ? IdempotencyKey.Of($"{key} {string.Join('.', context.ResponsePath)}", "GRAPHQL", context.FieldDefinition.Name, canonical.WrittenSpan)
            : throw new ExecutionError($"The arguments {problem}.") { Code = "INVALID" };
    }

    /// <summary>The payload of a write that ended.</summary>
    public Payload Ended<T>(string resource, WriteResult<T> result, Func<T, Position, object?> show)
        where T : class
    {
        if (result is not WriteResult<T>.Done done)
        {
            return new Payload(null, WriteError.Of(resource, result));
        }

        Asking.Wrote(done.AsOf);
        return new Payload(show(done.State, done.AsOf.Positions is [var position, ..] ? position : default), null);
    }

    /// <summary>The payload of a write on what cannot be there.</summary>
    public static Payload Unknown(string resource) => new(null, new WriteError("NotFound", $"There is no such {resource}."));

    /// <summary>Reads what was sent as REST would; what is not understood at all is data too.</summary>
    public static async Task<object?> CatchAsync(Func<Task<Payload>> write)
    {
        try
        {
            return await write();
        }
        catch (RefusedRequest refused)
        {
            return new Payload(null, new WriteError("InvalidInput", refused.Message) { Fields = refused.Errors ?? new ValidationErrors() });
        }
    }

    private static JsonElement ToJson(object? value) => JsonElement.Parse(Json.Serialize(value));
}
