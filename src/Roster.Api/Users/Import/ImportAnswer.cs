using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using static Roster.Api.Http.Problem;

namespace Roster.Api.Users.Import;

/// <summary>What a line led to, small: thousands of them may wait for a client that has not begun to read.</summary>
/// <param name="Line">The line's number.</param>
/// <param name="Result">As on the wire.</param>
/// <param name="Id">The user, created or existing.</param>
/// <param name="Errors">Why it is invalid.</param>
/// <param name="AsOf">A token that covers the user.</param>
internal readonly record struct ImportAnswer(
    long Line, ImportResult Result, UserId? Id = null, ValidationErrors? Errors = null, ConsistencyToken? AsOf = null)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ImportAnswer Of(ImportUsers.Answer answer) => answer.Result switch
    {
        WriteResult<User>.Done done => new(answer.Number, ImportResult.Created, done.State.Id, AsOf: done.AsOf),
        WriteResult<User>.EmailTaken => new(answer.Number, ImportResult.Exists, answer.Owner?.Id, AsOf: answer.Seen),
        WriteResult<User>.Invalid invalid => new(answer.Number, ImportResult.Invalid, Errors: invalid.Errors),
        _ => throw new InvalidOperationException($"A sign-up ended as {answer.Result.GetType().Name}."),
    };

    public void WriteTo(IBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, Line);
            writer.WriteString("result"u8, Result switch
            {
                ImportResult.Created => "created"u8,
                ImportResult.Exists => "exists"u8,
                _ => "invalid"u8,
            });
            if (Id is { } id)
            {
                writer.WriteString("id"u8, id.Value);
            }

            if (Errors is { None: false })
            {
                WriteErrors(writer, Errors);
            }

            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}

/// <summary>How a line ended.</summary>
internal enum ImportResult
{
    /// <summary>There is a new user.</summary>
    Created,

    /// <summary>The e-mail has a user already.</summary>
    Exists,

    /// <summary>The line is no user.</summary>
    Invalid,
}
