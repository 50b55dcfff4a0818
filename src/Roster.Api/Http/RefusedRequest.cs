using Microsoft.AspNetCore.Http;
using Roster.Core.Requests;

namespace Roster.Api.Http;

/// <summary>
/// A request that cannot even be understood: the framework's own way of ending it, with a problem's type and fields.
/// What a use case refuses is a value instead (<see cref="WriteResult{T}"/>).
/// </summary>
internal sealed class RefusedRequest(int status, string type, string detail, ValidationErrors? errors = null)
    : BadHttpRequestException(detail, status)
{
    public string Type { get; } = type;

    public ValidationErrors? Errors { get; } = errors;

    public static RefusedRequest Malformed(string detail) => new(400, ProblemTypes.Malformed, detail);

    /// <summary>A body whose bytes cannot be told apart: Kestrel has a plain <see cref="IOException"/> for some of them, such as a chunk size beyond all numbers.</summary>
    public static RefusedRequest Unreadable() => Malformed("The body cannot be read: its chunks are broken, or it broke off.");

    public static RefusedRequest WrongType(string field, string problem) =>
        new(400, ProblemTypes.WrongType, "A value has the wrong type.", new ValidationErrors().Add(field, problem));

    public static RefusedRequest Invalid(ValidationErrors errors) =>
        new(422, ProblemTypes.Invalid, "Some values are invalid.", errors);
}
