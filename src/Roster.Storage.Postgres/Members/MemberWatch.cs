using Roster.Core.Ids;

namespace Roster.Storage.Postgres.Members;

/// <summary>
/// Who leads a shard, and how far its followers are, found out on a timer and never on a request. Each member is asked on its
/// own. Of those that say they lead the one with the highest timeline is believed, and nobody with a lower one ever again: a
/// promotion begins a new timeline, so that a former leader who wakes up is known for what it is (docs/adr/0020).
/// </summary>
internal sealed class MemberWatch : IAsyncDisposable
{
    /// <summary>How often members are asked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepsUp = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<ShardMember> members;
    private readonly TimeSpan maxStaleness;
    private readonly TimeProvider time;
    private readonly MemberMetrics metrics;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly LeaderLog log;
    private readonly Dictionary<ShardMember, long> completeUpTo = [];
    private readonly Task[] asking;
    private TaskCompletionSource changed = NewChange();
    private CancellationTokenSource ending = new();
    private Leadership? leadership;
    private long highest;
    private long lostAt;
    private readonly long began;
    private int turn;

    /// <summary>Begins to watch.</summary>
    public MemberWatch(ShardId shard, IReadOnlyList<ShardMember> members, TimeSpan maxStaleness, TimeProvider time)
    {
        this.members = members;
        this.maxStaleness = maxStaleness;
        this.time = time;
        lostAt = began = time.GetTimestamp();
        log = new LeaderLog((int)(maxStaleness / Every) + 10);
        metrics = new MemberMetrics(shard, this);
        asking = [.. members.Select(AskAsync)];
    }

    /// <summary>Who leads; null while nobody is known to.</summary>
    public Leadership? Leader => Volatile.Read(ref leadership);

    /// <summary>All members.</summary>
    public IReadOnlyList<ShardMember> Members => members;

    /// <summary>Metrics of reads.</summary>
    public MemberMetrics Metrics => metrics;

    /// <summary>Who leads, once somebody does; null when nobody has for too long.</summary>
    /// <param name="patience">Counted from when the last leader was lost: a shard that has been dead for longer is not waited for.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<Leadership?> LeaderAsync(TimeSpan patience, CancellationToken cancellation)
    {
        while (true)
        {
            Task change;
            TimeSpan left;
            lock (gate)
            {
                if (leadership is not null)
                {
                    return leadership;
                }

                change = changed.Task;
                left = patience - time.GetElapsedTime(lostAt);
            }

            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await change.WaitAsync(left, time, cancellation);
            }
            catch (TimeoutException)
            {
                return Leader;
            }
        }
    }

    /// <summary>Followers that may answer a read, the best first; those whose turn it is among equals.</summary>
    /// <param name="told">The position that the read must include, in the server's own timeline; null without a token.</param>
    public List<ShardMember> Followers((long Timeline, long Position)? told)
    {
        var now = time.GetTimestamp();
        var start = Interlocked.Increment(ref turn) & int.MaxValue;
        var leads = Leader;
        var found = new List<ShardMember>(members.Count);
        lock (gate)
        {
            for (var i = 0; i < members.Count; i++)
            {
                var member = members[(start + i) % members.Count];
                if (member.State.Role == MemberRole.Follows
                    && (told is { } token ? Reaches(member, token, now) : leads is null || IsYoungerThan(maxStaleness, member, now)))
                {
                    found.Add(member);
                }
            }
        }

        if (leads is null)
        {
            found.Sort(static (a, b) => (b.State.Timeline, b.State.Position).CompareTo((a.State.Timeline, a.State.Position)));
        }

        return found;
    }

    /// <summary>Seconds up to which a follower may lack what was acknowledged; null when that cannot be said.</summary>
    public double? LagSeconds(ShardMember member)
    {
        lock (gate)
        {
            return completeUpTo.TryGetValue(member, out var at) ? time.GetElapsedTime(at).TotalSeconds : null;
        }
    }

    /// <summary>What is wrong with members while the shard can still be read from, a sentence each.</summary>
    public IEnumerable<string> Troubles()
    {
        if (Leader is null)
        {
            yield return "No member leads: reads may be stale, and writes wait.";
        }

        var followers = members.Where(member => member != Leader?.Member).ToList();
        foreach (var member in followers)
        {
            if (member.State.Role == MemberRole.Away)
            {
                yield return $"{member.Options.Address} is away: {member.State.Trouble ?? "it was not asked yet."}";
            }
            else if (member.State.Role == MemberRole.Leads && Leader is not null)
            {
                yield return $"{member.Options.Address} believes that it leads, on an older timeline: it is not used.";
            }
            else if (Leader is not null && (LagSeconds(member) ?? time.GetElapsedTime(began).TotalSeconds) > maxStaleness.TotalSeconds)
            {
                yield return $"{member.Options.Address} lags behind by more than {maxStaleness.TotalSeconds:0.#} s: it is not read from.";
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(asking);
        metrics.Dispose();
        stop.Dispose();
        ending.Dispose();
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A follower that keeps up is worth a try: by the time that it is asked it has replayed what it had not a moment ago.</summary>
    private bool Reaches(ShardMember member, (long Timeline, long Position) told, long now) =>
        member.State.Timeline == told.Timeline && (member.State.Position >= told.Position || IsYoungerThan(KeepsUp, member, now));

    private bool IsYoungerThan(TimeSpan bound, ShardMember member, long now) =>
        completeUpTo.TryGetValue(member, out var at) && time.GetElapsedTime(at, now) < bound;

    private async Task AskAsync(ShardMember member)
    {
        await using var question = new MemberQuestion(member.Options, Patience, time);
        try
        {
            while (true)
            {
                Learn(member, await question.AskAsync(stop.Token));
                await Task.Delay(Every, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Learn(ShardMember member, MemberState state)
    {
        CancellationTokenSource? ended = null;
        ShardMember? former = null;
        lock (gate)
        {
            if (state.Role == MemberRole.Away && member.State.Role != MemberRole.Away && !member.HasMissedOne)
            {
                // One question may get lost, with its connection or under load.
                member.HasMissedOne = true;
                return;
            }

            // Without a stream a follower stays on the timeline that it was on, unless it was out of sight meanwhile.
            var isStill = state is { Role: MemberRole.Follows, Timeline: 0 } && member.State.Role == MemberRole.Follows;
            member.HasMissedOne = false;
            member.State = isStill ? state with { Timeline = member.State.Timeline } : state;
            var leader = members.Where(m => m.State.Role == MemberRole.Leads && m.State.Timeline >= highest)
                .OrderByDescending(m => m.State.Timeline).FirstOrDefault();
            if (leader != leadership?.Member || (leader is not null && leader.State.Timeline != leadership!.Timeline))
            {
                former = leadership?.Member;
                (ended, ending) = (ending, new CancellationTokenSource());
                leadership = leader is null ? null : new Leadership(leader, leader.State.Timeline, ending.Token);
                highest = Math.Max(highest, leader?.State.Timeline ?? 0);
                lostAt = leader is null ? time.GetTimestamp() : lostAt;
                metrics.LeaderChanged();
                changed.TrySetResult();
                changed = NewChange();
            }

            if (member == leader)
            {
                log.Add(state);
            }

            foreach (var follower in members)
            {
                if (log.CompleteUpTo(follower.State) is { } at)
                {
                    completeUpTo[follower] = at;
                }
                else
                {
                    completeUpTo.Remove(follower);
                }
            }
        }

        // Outside the gate: whoever waits for the end goes on from here.
        ended?.Cancel();
        former?.Leading.Clear();
    }
}
