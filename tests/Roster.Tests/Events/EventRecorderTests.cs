using Microsoft.Extensions.Time.Testing;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Users;
using Roster.Tests.Users;
using Xunit;

namespace Roster.Tests.Events;

public sealed class EventRecorderTests
{
    private readonly FakeTimeProvider time = new(Streams.Start.AddMinutes(1).AddTicks(3));
    private readonly EventRecorder recorder;

    public EventRecorderTests() => recorder = new EventRecorder(new IdFactory(time), time);

    [Fact]
    public void Events_of_one_change_share_version_actor_and_time_and_count_on()
    {
        var ada = Streams.UserAfter(new Suspended());
        DomainEvent[] decided = [new ProfileChanged("Ada L.", null), new Reactivated()];
        var recorded = recorder.Record(ada.Id, ada, 9, "key:test", decided);
        Assert.Equal(decided, recorded.Select(e => e.What));
        Assert.Equal([3L, 4L], recorded.Select(e => e.Sequence));
        Assert.All(recorded, e => Assert.Equal(
            (ada.Id, 9L, "key:test", Streams.Start.AddMinutes(1), ada.Id.Bucket), (e.User, e.Version, e.Actor, e.At, IdLayout.BucketOf(e.Id))));
        Assert.NotEqual(recorded[0].Id, recorded[1].Id);
    }

    [Fact]
    public void The_first_event_has_sequence_1() =>
        Assert.Equal(1, Assert.Single(recorder.Record(Streams.Ada, null, 1, "system", [Streams.AdaSignsUp])).Sequence);

    [Fact]
    public void A_clock_behind_the_last_event_gives_the_next_microsecond()
    {
        var ada = Streams.UserAfter() with { LastEventAt = Streams.Start.AddHours(1) };
        Assert.Equal(ada.LastEventAt.AddMicroseconds(1), Assert.Single(recorder.Record(ada.Id, ada, 2, "system", [new Suspended()])).At);
    }

    [Fact]
    public void Nothing_decided_is_nothing_recorded() => Assert.Empty(recorder.Record(Streams.Ada, null, 1, "system", []));
}
