using System.Text.Json;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Requests;

namespace Roster.Core.Users;

/// <summary>Changes name, e-mail and attributes: JSON Merge Patch (RFC 7396) on a user's profile.</summary>
public sealed class ChangeUser(UserWriter writer)
{
    /// <summary>What a client asks for. A field that was not sent is left alone.</summary>
    public sealed record Request
    {
        /// <summary>The new name; null leaves it.</summary>
        public string? Name { get; init; }

        /// <summary>The new e-mail; null leaves it.</summary>
        public string? Email { get; init; }

        /// <summary>A merge patch of the attributes, or JSON <c>null</c> to remove them all; absent leaves them.</summary>
        public JsonElement? Attributes { get; init; }

        /// <summary>What was found wrong while reading it; the rules add theirs, so that a client learns all at once.</summary>
        public ValidationErrors Errors { get; init; } = new();

        /// <summary>Which versions the client accepts to change (<c>If-Match</c>); null for any.</summary>
        public Func<long, bool>? Accepts { get; init; }
    }

    /// <summary>Applies the patch, or says why not. A patch that changes nothing makes no event.</summary>
    public ValueTask<WriteResult<User>> HandleAsync(
        UserId id, Request request, Caller caller, IdempotencyKey? key, CancellationToken cancellation) =>
        writer.ChangeAsync(id, caller, key, status: 200, user => Decide(user, request), cancellation);

    /// <summary>From state and request to events. Pure.</summary>
    public static UserWriter.Decision Decide(User user, Request request)
    {
        if (request.Accepts is { } accepts && !accepts(user.Version))
        {
            return UserWriter.Decision.Refuse(new WriteResult<User>.VersionMismatch(user.Version));
        }

        var errors = new ValidationErrors(request.Errors);
        var name = request.Name is null ? user.Name : CheckedName(request.Name, errors);
        var email = request.Email is null ? user.Email : CheckedEmail(request.Email, errors);
        var attributes = Merge(user.Attributes, request.Attributes, errors);
        return errors.None
            ? UserWriter.Decision.Of([.. EventsOf(user, name, email, attributes)])
            : UserWriter.Decision.Refuse(new WriteResult<User>.Invalid(errors));
    }

    private static IEnumerable<UserEvent> EventsOf(User user, string name, string email, Attributes attributes)
    {
        var newName = name == user.Name ? null : name;
        var newAttributes = attributes == user.Attributes ? null : attributes;
        if (newName is not null || newAttributes is not null)
        {
            yield return new ProfileChanged(newName, newAttributes);
        }

        if (email != user.Email)
        {
            yield return new EmailChanged(email, user.Email);
        }
    }

    private static string CheckedName(string name, ValidationErrors errors)
    {
        UserRules.CheckName(name, errors);
        return name;
    }

    private static string CheckedEmail(string text, ValidationErrors errors) =>
        UserRules.TryEmail(text, errors, out var email) ? email.Given : text;

    private static Attributes Merge(Attributes current, JsonElement? patch, ValidationErrors errors)
    {
        if (patch is not { } sent)
        {
            return current;
        }

        if (sent.ValueKind == JsonValueKind.Null)
        {
            return Attributes.Empty;
        }

        if (current.TryMerge(sent, out var merged, out var problem))
        {
            return merged;
        }

        errors.Add("attributes", problem);
        return current;
    }
}
