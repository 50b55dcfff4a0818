using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Postgres.Members;

namespace Roster.Storage.Postgres;

/// <summary>
/// One shard in one PostgreSQL database and its replicas; any number of processes may serve it. What a token allows to be older
/// may come from a replica, all else from the primary (docs/adr/0020). Isolation is READ COMMITTED with row locks (0015).
/// </summary>
public sealed class PostgresStore : IStore, IRebuildableStore
{
    private readonly PostgresDatabase database;
    private readonly PostgresOptions options;
    private readonly CommitBatch commits;
    private readonly UserReads users;
    private readonly PostReads posts;
    private readonly EventReads events;
    private readonly OutboxReads outbox;
    private readonly RecordReads records;
    private readonly IntentReads intents;
    private readonly ShardUpkeep upkeep;
    private readonly ShardLife life;
    private readonly ShardMembers members;

    private PostgresStore(PostgresOptions options, StateEncoders encoders)
    {
        life = new(options);
        members = new(options, life, TimeProvider.System);
        database = new(members, options.Shard, life);
        this.options = options;
        commits = new(database, options.CommitTimeout);
        users = new(database, encoders);
        posts = new(database, encoders);
        events = new(database, encoders);
        outbox = new(database, options.OutboxPatience);
        records = new(database);
        intents = new(database);
        upkeep = new(database, members);
        Shards = [options.Shard];
        Control = new PostgresControlStore(database);
        Progress = new PostgresProgressStore(database);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShardId> Shards { get; }

    /// <inheritdoc/>
    public bool MayBeStale => members.IsUnbounded;

    /// <summary>The control data in this database; in use only where this is the control shard.</summary>
    public PostgresControlStore Control { get; }

    /// <summary>What readers and consumers have done; in use only where this is the control shard.</summary>
    public PostgresProgressStore Progress { get; }

    /// <summary>A shard whose database is met at the first call, and looked over then: it need not be there yet.</summary>
    public static PostgresStore Of(PostgresOptions options, StateEncoders encoders) => new(options, encoders);

    /// <summary>Opens a database that <see cref="PostgresMigrations"/> has brought to this program's schema.</summary>
    /// <inheritdoc cref="MeetAsync"/>
    public static async Task<PostgresStore> OpenAsync(
        PostgresOptions options, StateEncoders encoders, CancellationToken cancellation)
    {
        var store = Of(options, encoders);
        try
        {
            await store.MeetAsync(cancellation);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Meets the database now. What is wrong with it later is an outage, until it is put right.</summary>
    /// <exception cref="InvalidDataException">It may not be used: its schema is missing, too old or too new; it is another
    /// shard's, does not keep what it acknowledges, or is a replica.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public async Task MeetAsync(CancellationToken cancellation)
    {
        try
        {
            await (await database.OpenAsync(cancellation)).Connection.DisposeAsync();
        }
        catch (StoreUnavailableException told) when (told.InnerException is UnfitDatabaseException)
        {
            throw new InvalidDataException(told.Message, told);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var prepared = PreparedChange.All(changes);
        return prepared.Length == 0 ? [] : await commits.RunAsync(prepared, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        await users.ByIdsAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation) =>
        await posts.ByIdsAsync(ids, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        await posts.NewestAsync(authors, limit, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation) =>
        await users.ByEmailAsync(email, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation) =>
        await users.ListAsync(query, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        await events.AfterAsync(user, afterSequence, limit, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation) =>
        await events.PastAsync(user, when, after, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation) =>
        await records.OutcomeAsync(principal, keyHash, cancellation);

    /// <inheritdoc/>
    public async ValueTask<OutboxPage> OutboxAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        await outbox.PageAsync(after, limit, aboveSequence: 0, cancellation);

    /// <inheritdoc/>
    public async ValueTask<OutboxPage> OutboxOfChangesAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation) =>
        await outbox.PageAsync(after, limit, aboveSequence: 1, cancellation);

    /// <inheritdoc/>
    public async ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation) =>
        await outbox.HeadAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation) =>
        ConsistencyToken.Of(await database.NowAsync(cancellation));

    /// <inheritdoc/>
    public async ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        await intents.StandingAsync(user, cancellation);

    /// <inheritdoc/>
    public async ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        await intents.ClaimAsync(email, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(ShardId shard, int limit, CancellationToken cancellation) =>
        await intents.UnsettledAsync(limit, cancellation);

    /// <summary>False: one shard's changes are one transaction each, and never interrupted.</summary>
    public ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation) => new(false);

    /// <summary>Removes some of what has expired; the number is what the statistics say where rows are dropped whole.</summary>
    public async ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation) =>
        await upkeep.ExpireAsync(expiry, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation) =>
        await upkeep.TroublesAsync(options.Shard, cancellation);

    /// <summary>Says which buckets this shard may write, by a newer shard map; waits for batches that are being written.</summary>
    /// <param name="epoch">The map's.</param>
    /// <param name="owns">Whether it owns a bucket.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>False when a map of this epoch or a later one has said so before.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be told now, and will be before it is used.</exception>
    public async ValueTask<bool> OwnAsync(long epoch, Func<BucketId, bool> owns, CancellationToken cancellation)
    {
        var ownership = Ownership.Of(epoch, owns);
        life.Own(ownership);
        return await upkeep.OwnAsync(ownership, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Ledger>> LedgersAsync(UserId? after, int limit, CancellationToken cancellation) =>
        await new LedgerReads(database).AfterAsync(after, limit, cancellation);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(
        UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims, CancellationToken cancellation) =>
        await new Restoring(database).RunAsync(user, state, posts, claims, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => database.DisposeAsync();
}
