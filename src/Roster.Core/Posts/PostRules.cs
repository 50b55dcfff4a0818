using Roster.Core.Requests;
using Roster.Core.Users;

namespace Roster.Core.Posts;

/// <summary>What a post and its author must be, for every way in.</summary>
public static class PostRules
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxText = 10_000;

    /// <summary>Checks a text.</summary>
    public static void CheckText(string? text, ValidationErrors errors) => PlainText.Check("text", text, MaxText, errors);

    /// <summary>Why this author may neither publish nor edit now; null when it may.</summary>
    public static PostWriter.Decision? SilenceOf(User author) => author.Status == UserStatus.Suspended
        ? PostWriter.Decision.Refuse(new WriteResult<Post>.Conflict("The author is suspended and cannot post."))
        : null;
}
