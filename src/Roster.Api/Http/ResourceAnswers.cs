using Microsoft.AspNetCore.Http;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.Http;

/// <summary>Use case results as HTTP answers, for every endpoint that reads or writes one resource.</summary>
/// <param name="name">The resource, as sentences name it: <c>user</c>.</param>
/// <param name="pathOf">Where it is found.</param>
/// <param name="versionOf">Its own version: the ETag.</param>
/// <param name="encode">Its UTF-8 JSON.</param>
internal sealed class ResourceAnswers<T>(
    string name, Func<T, string> pathOf, Func<T, long> versionOf, Func<T, ReadOnlyMemory<byte>> encode)
    where T : class
{
    /// <summary>No such resource, as far as the caller may know.</summary>
    public Problem NotFound() => Problem.NotFound(name);

    /// <summary>Answers with a resource that is being read.</summary>
    public async Task WaitAsync(HttpContext http, ValueTask<Read<T>?> reading) => await WriteAsync(http, await reading);

    /// <summary>Answers with a resource, and its ETag, or says that there is none; 304 when the client has it already.</summary>
    public Task WriteAsync(HttpContext http, Read<T>? read)
    {
        if (read is null)
        {
            return NotFound().ExecuteAsync(http);
        }

        var version = versionOf(read.State);
        http.Response.Headers.ETag = EntityTag.Of(version);
        if (EntityTag.IsKnownToClient(http.Request, version))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return JsonBytes.WriteAsync(http, read.Body);
    }

    /// <summary>A resource that was written, or why not.</summary>
    public IResult OfWrite(HttpContext http, WriteResult<T> result, int status) => result switch
    {
        WriteResult<T>.Done done => Done(http, done, status),
        WriteResult<T>.Invalid { Errors: var errors } => Problem.Of(RefusedRequest.Invalid(errors)),
        WriteResult<T>.NotFound => NotFound(),
        WriteResult<T>.EmailTaken => new Problem(409, ProblemTypes.EmailTaken, "This e-mail belongs to another user."),
        WriteResult<T>.VersionMismatch { Actual: var actual } => new Problem(
            412, ProblemTypes.VersionMismatch, $"The {name} has version {actual}: read it again."),
        WriteResult<T>.KeyReused => new Problem(
            422, ProblemTypes.KeyReused, "This Idempotency-Key was used for another request."),
        WriteResult<T>.Conflict { Reason: var reason } => new Problem(409, ProblemTypes.Conflict, reason),
        _ => throw new InvalidOperationException($"No answer for {result.GetType().Name}."),
    };

    private IResult Done(HttpContext http, WriteResult<T>.Done done, int status)
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
            http.Response.Headers.Location = pathOf(done.State);
        }

        http.Response.Headers.ETag = EntityTag.Of(versionOf(done.State));
        return new JsonBytes(encode(done.State), status);
    }
}
