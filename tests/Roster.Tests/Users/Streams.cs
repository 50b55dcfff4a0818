using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Json;
using Roster.Core.Users;

namespace Roster.Tests.Users;

/// <summary>Recorded events written by hand: event n of Ada's stream has sequence n and happens at second n.</summary>
internal static class Streams
{
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    public static readonly UserId Ada = new(IdLayout.Compose(Start.ToUnixTimeMilliseconds(), new BucketId(77), 1));
    public static readonly SignedUp AdaSignsUp = new("Ada", "Ada@Example.com", Attributes.FromCanonical("""{"a":1}"""));

    public static RecordedEvent Recorded(long number, DomainEvent what, long? version = null, UserId? user = null) => new()
    {
        Id = IdLayout.Compose(Start.ToUnixTimeMilliseconds(), Ada.Bucket, (ulong)number),
        User = user ?? Ada,
        Sequence = number,
        Version = version ?? number,
        At = Start.AddSeconds(number),
        Actor = "key:test",
        What = what,
    };

    /// <summary>A stream of these events from number 1 on.</summary>
    public static RecordedEvent[] Of(params DomainEvent[] events) => [.. events.Select((what, i) => Recorded(i + 1, what))];

    /// <summary>The state after a sign-up and these events.</summary>
    public static User UserAfter(params DomainEvent[] events) => UserFold.Fold(Of([AdaSignsUp, .. events]), TenantId.Default)!;
}
