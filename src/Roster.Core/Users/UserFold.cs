using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Text;

namespace Roster.Core.Users;

/// <summary>
/// State from events: pure, total over every recorded stream, and the only way a <see cref="User"/> changes.
/// A state row is this fold, kept so that reading it costs nothing.
/// </summary>
public static class UserFold
{
    /// <summary>The state after one more event; posts move only the stream's sequence and clock.</summary>
    /// <param name="state">The state before, null before the first event.</param>
    /// <param name="recorded">A later event of the same stream; posts' events may be left out between.</param>
    /// <param name="tenant">Whose user it is; not part of the event.</param>
    /// <exception cref="InvalidDataException">The event cannot follow this state: the stream is damaged.</exception>
    public static User Apply(User? state, RecordedEvent recorded, TenantId tenant)
    {
        if (recorded.Sequence <= (state?.Sequence ?? 0))
        {
            throw new InvalidDataException(
                $"Event {recorded.Id} of user {recorded.User} has sequence {recorded.Sequence} after {state?.Sequence ?? 0}.");
        }

        if (state is null)
        {
            return recorded.What is SignedUp signedUp ? Begin(recorded, signedUp, tenant)
                : throw new InvalidDataException($"The stream of user {recorded.User} does not begin with {SignedUp.TypeName}.");
        }

        if (!state.Exists || recorded.User != state.Id)
        {
            throw new InvalidDataException($"Event {recorded.Id} of user {recorded.User} cannot follow {state.Status} user {state.Id}.");
        }

        var moved = state with { Sequence = recorded.Sequence, LastEventAt = recorded.At };
        return recorded.What is PostEvent ? moved : Change(moved, recorded) with
        {
            Version = recorded.Version,
            UpdatedAt = recorded.At,
        };
    }

    /// <summary>The state after a whole stream, or null for an empty one.</summary>
    public static User? Fold(IEnumerable<RecordedEvent> stream, TenantId tenant) =>
        stream.Aggregate((User?)null, (state, recorded) => Apply(state, recorded, tenant));

    private static User Begin(RecordedEvent recorded, SignedUp signedUp, TenantId tenant) => new()
    {
        Id = recorded.User,
        Tenant = tenant,
        Name = signedUp.Name,
        Email = signedUp.Email,
        EmailKey = KeyOf(signedUp.Email),
        Attributes = signedUp.Attributes,
        Status = UserStatus.Active,
        Version = recorded.Version,
        Sequence = recorded.Sequence,
        CreatedAt = recorded.At,
        UpdatedAt = recorded.At,
        LastEventAt = recorded.At,
    };

    private static User Change(User state, RecordedEvent recorded) => recorded.What switch
    {
        ProfileChanged e => state with { Name = e.Name ?? state.Name, Attributes = e.Attributes ?? state.Attributes },
        EmailChanged e => state with { Email = e.Email, EmailKey = KeyOf(e.Email) },
        Suspended => state with { Status = UserStatus.Suspended },
        Reactivated => state with { Status = UserStatus.Active },
        UserDeleted => state with { Status = UserStatus.Deleted, DeletedAt = recorded.At },
        _ => throw new InvalidDataException($"Event {recorded.Id} ({recorded.What.Type}) cannot happen to an existing user."),
    };

    private static string KeyOf(string email) =>
        EmailAddress.TryParse(email, out var parsed, out _) ? parsed.Key
            : throw new InvalidDataException("A recorded e-mail is not one; normalisation must never change.");
}
