using GraphQL.Utilities;
using Roster.Core.Requests;

namespace Roster.Api.GraphQL;

/// <summary>Why a write was not done, as data: a type for each reason.</summary>
internal sealed record WriteError(string Type, string Message)
{
    public ValidationErrors? Fields { get; init; }

    public long? Actual { get; init; }

    public static WriteError Of<T>(string resource, WriteResult<T> result)
        where T : class => result switch
        {
            WriteResult<T>.Invalid { Errors: var errors } => new("InvalidInput", "Some values are invalid.") { Fields = errors },
            WriteResult<T>.NotFound => new("NotFound", $"There is no such {resource}."),
            WriteResult<T>.EmailTaken => new("EmailTaken", "This e-mail belongs to another user."),
            WriteResult<T>.VersionMismatch { Actual: var actual } => new(
                "VersionMismatch", $"The {resource} has version {actual}: read it again.") { Actual = actual },
            WriteResult<T>.KeyReused => new("IdempotencyKeyReused", "This Idempotency-Key was used for another request."),
            WriteResult<T>.Conflict { Reason: var reason } => new("Conflict", reason),
            _ => throw new InvalidOperationException($"No answer for {result.GetType().Name}."),
        };
}

/// <summary>The union's types and fields.</summary>
internal static class WriteErrors
{
    private static readonly string[] Types = ["InvalidInput", "NotFound", "EmailTaken", "VersionMismatch", "IdempotencyKeyReused", "Conflict"];

    public static void Add(SchemaBuilder types)
    {
        foreach (var type in Types)
        {
            types.Types.For(type).IsTypeOfFunc = value => value is WriteError error && error.Type == type;
            GraphSchema.Set<WriteError>(types, type, new() { ["message"] = error => error.Message });
        }

        GraphSchema.Set<WriteError>(types, "InvalidInput", new() { ["fields"] = error => error.Fields!.ByField.Select(field => (object)field) });
        GraphSchema.Set<WriteError>(types, "VersionMismatch", new() { ["actual"] = error => error.Actual });
        GraphSchema.Set<KeyValuePair<string, List<string>>>(types, "FieldError", new() { ["field"] = one => one.Key, ["problems"] = one => one.Value });
        foreach (var (payload, field) in new[] { ("UserPayload", "user"), ("PostPayload", "post"), ("DeletePayload", "deletedId") })
        {
            GraphSchema.Set<Payload>(types, payload, new() { [field] = done => done.Done, ["error"] = done => done.Error });
        }
    }
}

/// <summary>What came of a write.</summary>
internal sealed record Payload(object? Done, WriteError? Error);
