using Npgsql;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres.Members;

/// <summary>The members of a shard, as its questions need them: one that leads, and others that reads may go to.</summary>
internal sealed class ShardMembers : IAsyncDisposable
{
    /// <summary>Longer than it takes to notice that a leader is gone.</summary>
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly PostgresOptions options;
    private readonly IReadOnlyList<ShardMember> members;
    private readonly Leadership alone;
    private readonly MemberWatch? watch;
    private readonly ReadRace? race;

    /// <summary>A shard of one member is not watched: whatever it is, there is no other.</summary>
    public ShardMembers(PostgresOptions options, ShardLife life, TimeProvider time)
    {
        this.options = options;
        members = [.. options.Members.Select(member => new ShardMember(member, life))];
        Held = new HeldConnections(options.Shard, options.LongestHold, time);
        alone = new Leadership(members[0], 0, CancellationToken.None);
        if (members.Count > 1)
        {
            watch = new MemberWatch(options.Shard, members, options.MaxStaleness, time);
            race = new ReadRace(options.HedgeAfter, watch.Metrics);
        }
    }

    /// <summary>Which connections are in use.</summary>
    public HeldConnections Held { get; }

    /// <summary>Whether there are others that reads may go to.</summary>
    public bool HasFollowers => watch is not null;

    /// <summary>Whether it is not known how old reads may be: nobody leads.</summary>
    public bool IsUnbounded => watch is { Leader: null };

    /// <summary>What is wrong with members although the shard serves.</summary>
    public IEnumerable<string> Troubles => [.. watch?.Troubles() ?? [], .. Held.Trouble is { } trouble ? [trouble] : (string[])[]];

    /// <summary>Whether an answer comes from the leader's timeline, not from a former leader's that does not know it yet.</summary>
    public bool IsCurrent(long timeline) => watch?.Leader is not { } leader || timeline >= leader.Timeline;

    /// <summary>Who leads; waits a while for somebody to.</summary>
    /// <exception cref="StoreUnavailableException">Nobody does.</exception>
    public async ValueTask<Leadership> LeaderAsync(CancellationToken cancellation) =>
        watch is null ? alone : watch.Leader ?? await watch.LeaderAsync(options.LeaderPatience, cancellation)
            ?? throw new StoreUnavailableException("No member of the shard leads.");

    /// <summary>A connection to the leader.</summary>
    /// <exception cref="StoreUnavailableException">There is none; nothing was sent.</exception>
    public async Task<LeaderConnection> OpenAsync(CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            var leader = await LeaderAsync(cancellation);
            var opening = leader.Member.Leading.OpenConnectionAsync(cancellation).AsTask();
            try
            {
                return new LeaderConnection(Held.Taken(await opening.WaitAsync(leader.Ended)), leader.Ended);
            }
            catch (OperationCanceledException) when (leader.Ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                // Another leads by now, or soon.
                _ = opening.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                if (watch is null || tries == 3 || PostgresErrors.Told(error) is not StoreUnavailableException)
                {
                    throw PostgresErrors.Told(error);
                }

                // The watch will know in a moment whether it still leads.
                await Task.Delay(MemberWatch.Every, cancellation);
            }
        }
    }

    /// <summary>Has whoever can answer a read: followers that have come far enough, then the leader; while nobody leads, any that has.</summary>
    /// <param name="told">What the read must include, in the server's own timeline; null without a token.</param>
    /// <param name="ask">Asks a member, told whether it is the leader; null when it has not come far enough.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">Nobody could.</exception>
    public async Task<T> ReadAsync<T>((long Timeline, long Position)? told, Func<ShardMember, bool, Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var leader = watch!.Leader;
            var order = watch.Followers(told);
            if (leader is not null)
            {
                order.Add(leader.Member);
            }

            StoreUnavailableException? failure = null;
            try
            {
                if (await race!.RunAsync(order, member => AskAsync(member, member == leader?.Member, ask), cancellation) is { } answer)
                {
                    return answer;
                }
            }
            catch (StoreUnavailableException error)
            {
                // A leader that has just died is not known to be dead yet; in a moment its followers answer for it.
                failure = error;
            }

            if (TimeProvider.System.GetElapsedTime(start) > ReadPatience)
            {
                throw failure ?? new StoreUnavailableException(told is null
                    ? "No member of the shard can be reached."
                    : "No replica has what the Consistency-Token names, and no member of the shard leads.");
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Held.Dispose();
        await (watch?.DisposeAsync() ?? default);
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }


    private async Task<T?> AskAsync<T>(ShardMember member, bool leads, Func<ShardMember, bool, Task<T?>> ask)
        where T : class
    {
        var answer = await ask(member, leads);
        if (answer is not null)
        {
            watch!.Metrics.ReadBy(leads);
        }

        return answer;
    }
}

/// <summary>A connection to a shard's leader.</summary>
/// <param name="Connection">The caller's to dispose.</param>
/// <param name="Ended">Cancelled when it is no longer believed to lead: then its answers are not waited for.</param>
internal readonly record struct LeaderConnection(NpgsqlConnection Connection, CancellationToken Ended);
