using Roster.Core.Ids;

namespace Roster.Core.Events.Publishing;

/// <summary>A committed event, ready to leave.</summary>
/// <param name="User">Whose it is: the key that keeps a user's events in order.</param>
/// <param name="Sequence">1, 2, 3 … per user; with the user it names the event for those who have seen it before.</param>
/// <param name="Type">Its CloudEvents type.</param>
/// <param name="Json">The CloudEvent as UTF-8 JSON.</param>
public sealed record EventMessage(UserId User, long Sequence, string Type, ReadOnlyMemory<byte> Json);
