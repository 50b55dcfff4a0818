using System.Text;
using Roster.Api.Events;
using Roster.Core.Events;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Users;

namespace Roster.Tests.Email;

/// <summary>Sign-ups as consumers get them: encoded as everywhere else.</summary>
internal static class SignUps
{
    public static readonly DateTimeOffset At = new(2026, 1, 31, 12, 5, 7, TimeSpan.Zero);

    private static readonly IdFactory Ids = new(TimeProvider.System);

    public static EventMessage Of(string name, string email, string? source = null, Guid? id = null)
    {
        var user = new UserId(Ids.Next(new BucketId(7)));
        var recorded = new RecordedEvent
        {
            Id = id ?? Ids.Next(user.Bucket), User = user, Sequence = 1, Version = 1, At = At, Actor = "system",
            What = new SignedUp(name, email, Attributes.Empty, source),
        };
        return new EventMessage(user, 1, recorded.What.Type, CloudEventJson.Encode(recorded));
    }

    public static EventMessage Raw(string json) => new(new UserId(Ids.Next(new BucketId(7))), 1, SignedUp.TypeName, Encoding.UTF8.GetBytes(json));
}
