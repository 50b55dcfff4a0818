namespace Roster.Core.Requests;

/// <summary>A page of what belongs to a resource, such as a user's events.</summary>
/// <param name="Found">Whether there is such a resource, as far as the caller may know.</param>
/// <param name="CursorFits">Whether the cursor was one of this list.</param>
/// <param name="Page">The page, when both hold.</param>
public readonly record struct PartPage<T>(bool Found, bool CursorFits, Page<T>? Page);
