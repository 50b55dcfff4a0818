using Roster.Core.Ids;

namespace Roster.Core.Posts;

/// <summary>A page of one user's posts, as one of many.</summary>
/// <param name="Author">Whose.</param>
/// <param name="Limit">1 to <see cref="GetPosts.MaxLimit"/>.</param>
/// <param name="Cursor">Where the page before ended; null for the first page.</param>
public readonly record struct PostsAsked(UserId Author, int Limit, string? Cursor);
