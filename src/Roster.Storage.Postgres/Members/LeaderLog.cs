namespace Roster.Storage.Postgres.Members;

/// <summary>
/// How far the leader had come, and when: what bounds a follower's staleness without any clock but this process's. A commit that was
/// acknowledged before a question was sent lies before the position in its answer; so a follower that has replayed up to there
/// has everything that was acknowledged before the question. An idle leader does not make its followers old.
/// </summary>
/// <param name="kept">Marks kept, the newest ones.</param>
internal sealed class LeaderLog(int kept)
{
    private readonly Queue<(long Position, long AskedAt)> marks = new(kept);
    private long timeline;

    /// <summary>The leader has answered.</summary>
    public void Add(MemberState leader)
    {
        if (leader.Timeline != timeline)
        {
            marks.Clear();
            timeline = leader.Timeline;
        }

        if (marks.Count == kept)
        {
            marks.Dequeue();
        }

        marks.Enqueue((leader.Position, leader.AskedAt));
    }

    /// <summary>The time up to which a follower has all that was acknowledged; null when that cannot be said.</summary>
    public long? CompleteUpTo(MemberState follower)
    {
        if (follower.Role != MemberRole.Follows || follower.Timeline != timeline)
        {
            return null;
        }

        long? reached = null;
        foreach (var (position, askedAt) in marks)
        {
            if (position > follower.Position)
            {
                break;
            }

            reached = askedAt;
        }

        return reached;
    }
}
