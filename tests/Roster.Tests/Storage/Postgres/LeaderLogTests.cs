using Roster.Storage.Postgres.Members;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>How old a replica may be, by how far the leader had come when it was asked.</summary>
public sealed class LeaderLogTests
{
    private readonly LeaderLog log = new(kept: 3);

    [Fact]
    public void A_replica_has_all_that_was_acknowledged_before_the_newest_question_whose_answer_it_has_replayed()
    {
        Leads(position: 100, askedAt: 1);
        Leads(position: 200, askedAt: 2);
        Assert.Null(CompleteUpTo(99));
        Assert.Equal(1, CompleteUpTo(199));
        Assert.Equal(2, CompleteUpTo(200));
    }

    [Fact]
    public void An_idle_leader_does_not_make_its_replicas_old()
    {
        Leads(position: 100, askedAt: 1);
        Leads(position: 100, askedAt: 50);
        Assert.Equal(50, CompleteUpTo(100));
    }

    [Fact]
    public void Of_a_replica_that_is_older_than_all_that_is_kept_nothing_can_be_said()
    {
        for (var i = 1; i <= 4; i++)
        {
            Leads(position: 100 * i, askedAt: i);
        }

        Assert.Null(CompleteUpTo(100));
        Assert.Equal(2, CompleteUpTo(200));
    }

    [Fact]
    public void Positions_of_another_timeline_say_nothing()
    {
        Leads(position: 100, askedAt: 1);
        Assert.Null(CompleteUpTo(500, timeline: 2));
        log.Add(new MemberState(MemberRole.Leads, 2, 50, 7, null));
        Assert.Null(CompleteUpTo(500));
        Assert.Equal(7, CompleteUpTo(50, timeline: 2));
    }

    private void Leads(long position, long askedAt) => log.Add(new MemberState(MemberRole.Leads, 1, position, askedAt, null));

    private long? CompleteUpTo(long position, long timeline = 1) => log.CompleteUpTo(new MemberState(MemberRole.Follows, timeline, position, 0, null));
}
