using Microsoft.AspNetCore.Http;
using Roster.Api.Http;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Api.Users;

/// <summary>Use case results as HTTP answers, for every endpoint that reads or writes one user.</summary>
internal static class UserAnswers
{
    /// <summary>A user that was read: with ETag, or 304 when the client has it already.</summary>
    public static IResult OfRead(HttpContext http, Read<User>? read)
    {
        if (read is null)
        {
            return Problem.NotFound("user");
        }

        http.Response.Headers.ETag = EntityTag.Of(read.State.Version);
        return EntityTag.IsKnownToClient(http.Request, read.State.Version)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : new JsonBytes(read.Body);
    }

    /// <summary>A user that was written, or why not.</summary>
    public static IResult OfWrite(HttpContext http, WriteResult<User> result, int status) => result switch
    {
        WriteResult<User>.Done done => Done(http, done, status),
        WriteResult<User>.Invalid { Errors: var errors } => Problem.Of(RefusedRequest.Invalid(errors)),
        WriteResult<User>.NotFound => Problem.NotFound("user"),
        WriteResult<User>.EmailTaken => new Problem(409, ProblemTypes.EmailTaken, "This e-mail belongs to another user."),
        WriteResult<User>.VersionMismatch { Actual: var actual } => new Problem(
            412, ProblemTypes.VersionMismatch, $"The user has version {actual}: read it again."),
        WriteResult<User>.KeyReused => new Problem(
            422, ProblemTypes.KeyReused, "This Idempotency-Key was used for another request."),
        WriteResult<User>.Conflict { Reason: var reason } => new Problem(409, ProblemTypes.Conflict, reason),
        _ => throw new InvalidOperationException($"No answer for {result.GetType().Name}."),
    };

    private static IResult Done(HttpContext http, WriteResult<User>.Done done, int status)
    {
        http.Wrote(done.AsOf);
        if (done.Replayed)
        {
            http.Response.Headers[RequestHeaders.IdempotencyReplayed] = "true";
        }

        if (status == StatusCodes.Status204NoContent)
        {
            return TypedResults.NoContent();
        }

        if (status == StatusCodes.Status201Created)
        {
            http.Response.Headers.Location = $"/users/{done.State.Id}";
        }

        http.Response.Headers.ETag = EntityTag.Of(done.State.Version);
        return new JsonBytes(UserJson.Encode(done.State), status);
    }
}
