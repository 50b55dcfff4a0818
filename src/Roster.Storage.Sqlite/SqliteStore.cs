using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>
/// One shard in one data folder, in this process. There is one writer and no replica, so a read always sees every
/// commit and every token is covered. Guarantees: https://www.sqlite.org/wal.html with <c>synchronous=FULL</c>.
/// </summary>
public sealed class SqliteStore : IStore, IRebuildableStore
{
    private readonly DataFolder folder;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private readonly WriterSession session;
    private readonly StateEncoders encoders;

    private SqliteStore(
        DataFolder folder, SqliteWriter writer, SqliteReaders readers, WriterSession session, StateEncoders encoders)
    {
        this.folder = folder;
        this.writer = writer;
        this.readers = readers;
        this.session = session;
        this.encoders = encoders;
        Shards = [session.Life.Clock.Now.Shard];
        Control = new SqliteControlStore(writer, readers, session.Control);
        Progress = new SqliteProgressStore(writer, readers, session.Progress);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShardId> Shards { get; }

    /// <summary>The control data in this folder; in use only where this is the control shard.</summary>
    public SqliteControlStore Control { get; }

    /// <summary>What readers and consumers have done; in use only where this is the control shard.</summary>
    public SqliteProgressStore Progress { get; }

    private ShardClock Clock => session.Life.Clock;

    /// <summary>Opens a data folder, creating and migrating what is missing.</summary>
    /// <exception cref="DataFolderInUseException">Another process has it open.</exception>
    /// <exception cref="InvalidDataException">A newer program has written it.</exception>
    public static async Task<SqliteStore> OpenAsync(
        SqliteOptions options, StateEncoders encoders, CancellationToken cancellation)
    {
        var opened = DataFolder.Open(options.Folder);
        var thread = SqliteWriter.Start(opened.Database, options);
        try
        {
            var prepared = await thread.RunAsync(db => new WriterSession(db, options.Shard), cancellation);
            return new SqliteStore(
                opened, thread, new SqliteReaders(opened.Database, options.Readers), prepared, encoders);
        }
        catch
        {
            await thread.StopAsync();
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChangeResult>> CommitAsync(
        IReadOnlyList<Change> changes, CancellationToken cancellation)
    {
        var prepared = PreparedChange.All(changes);
        return prepared.Length == 0 ? [] : await writer.RunAsync(_ => session.Commits.Run(prepared), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<User>?>> UsersAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync<IReadOnlyList<Read<User>?>>(
            r => Each(ids, id => Envelope(r.Users.ById(id), asOf)), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<Post>?>> PostsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync<IReadOnlyList<Read<Post>?>>(
            r => Each(ids, id => Envelope(r.Posts.ById(id), asOf)), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestPostsAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync<IReadOnlyList<IReadOnlyList<Read<Post>>>>(
            r => [.. r.Posts.Newest(authors, limit).Select(posts => posts.Select(post => Envelope(post, asOf)!).ToArray())],
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Read<User>?> UserByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync(r => Envelope(r.Users.ByEmail(email), asOf), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Read<User>>> ListAsync(
        UserQuery query, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync<IReadOnlyList<Read<User>>>(
            r => [.. r.Users.List(query).Select(user => Envelope(user, asOf)!)], cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordedEvent>> HistoryAsync(
        UserId user, long afterSequence, int limit, ConsistencyToken after, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Events.After(user, afterSequence, limit), cancellation);

    /// <inheritdoc/>
    public ValueTask<Read<User>?> PastStateAsync(
        UserId user, PastState when, ConsistencyToken after, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync(r => Envelope(r.Events.Past(user, when), asOf), cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<IdempotencyRecord?> OutcomeAsync(
        BucketId bucket, string principal, Hash256 keyHash, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Outbox.Outcome(principal, keyHash), cancellation);

    /// <inheritdoc/>
    public ValueTask<OutboxPage> OutboxAsync(
        ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation)
    {
        var asOf = Clock.Now;
        return readers.ReadAsync(r => r.Outbox.Page(after, limit) is var page && page.Entries.Count < limit ? page with { AsOf = asOf } : page, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<OutboxCursor> OutboxHeadAsync(ShardId shard, CancellationToken cancellation) =>
        readers.ReadAsync(static r => r.Outbox.Head(), cancellation);

    /// <inheritdoc/>
    public ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation) =>
        new(ConsistencyToken.Of(Clock.Now));

    /// <inheritdoc/>
    public ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Intents.Standing(user), cancellation);

    /// <inheritdoc/>
    public ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Intents.ClaimOf(email), cancellation);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(ShardId shard, int limit, CancellationToken cancellation) =>
        readers.ReadAsync(r => r.Intents.Unsettled(limit), cancellation);

    /// <summary>False: one shard's changes are one transaction each, and never interrupted.</summary>
    public ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation) => new(false);

    /// <inheritdoc/>
    public async ValueTask<int> ExpireAsync(Expiry expiry, CancellationToken cancellation) =>
        await writer.RunAsync(_ => session.Expiring.Run(expiry), cancellation);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardTrouble>> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await readers.ReadAsync(static r => r.Outbox.Head(), cancellation);
            await writer.RunAsync(static db => db.Number("SELECT commits FROM life"), cancellation);
            return [];
        }
        catch (StoreUnavailableException trouble)
        {
            return [new ShardTrouble(Shards[0], trouble.Message)];
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Ledger>> LedgersAsync(UserId? after, int limit, CancellationToken cancellation) =>
        readers.ReadAsync<IReadOnlyList<Ledger>>(
            r => [.. r.Ledgers.Ids(after, limit).Select(user => new Ledger(
                user,
                r.Users.ById(user),
                r.Ledgers.Posts(user),
                r.Ledgers.Claims(user),
                r.Events.After(user, 0, int.MaxValue)))],
            cancellation);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(
        UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims, CancellationToken cancellation) =>
        await writer.RunAsync(
            _ =>
            {
                session.Restoring.Run(user, state, posts, claims);
                return true;
            },
            cancellation);

    /// <summary>Lets running work end, copies the log into the database, closes it and frees the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await readers.DisposeAsync();
        await writer.StopAsync();
        folder.Dispose();
    }

    private static Read<T>?[] Each<TId, T>(IReadOnlyList<TId> ids, Func<TId, Read<T>?> find)
        where TId : notnull
        where T : class
    {
        var found = new Read<T>?[ids.Count];
        var known = ids.Count > 1 ? new Dictionary<TId, Read<T>?>(ids.Count) : null;
        for (var i = 0; i < found.Length; i++)
        {
            if (known is null || !known.TryGetValue(ids[i], out found[i]))
            {
                found[i] = find(ids[i]);
                known?.Add(ids[i], found[i]);
            }
        }

        return found;
    }

    private Read<User>? Envelope(User? user, Position asOf) =>
        user is null ? null : new Read<User>(user, asOf, encoders.User);

    private Read<Post>? Envelope(Post? post, Position asOf) =>
        post is null ? null : new Read<Post>(post, asOf, encoders.Post);
}
