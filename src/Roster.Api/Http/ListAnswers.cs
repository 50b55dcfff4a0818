using Microsoft.AspNetCore.Http;
using Roster.Core.Requests;

namespace Roster.Api.Http;

/// <summary>Pages of lists as HTTP answers: a JSON array, and the <c>Link</c> to the next one.</summary>
internal static class ListAnswers
{
    /// <summary>A page of what belongs to a resource, or why there is none.</summary>
    /// <param name="http">The request.</param>
    /// <param name="result">The use case's result.</param>
    /// <param name="owner">Whose list it is, as sentences name it: <c>user</c>.</param>
    /// <param name="encode">An item's UTF-8 JSON.</param>
    public static IResult Of<T>(HttpContext http, PartPage<T> result, string owner, Func<T, ReadOnlyMemory<byte>> encode)
    {
        if (!result.CursorFits)
        {
            return BadCursor();
        }

        if (!result.Found)
        {
            return Problem.NotFound(owner);
        }

        NextLink.Add(http, result.Page!.Next);
        return new JsonBytes(JsonArrays.Of(result.Page.Items.Select(encode)));
    }

    /// <summary>A cursor that is none, or one of another list.</summary>
    public static Problem BadCursor() =>
        new(400, ProblemTypes.BadCursor, "after must be a cursor from the Link of this very list.");
}
