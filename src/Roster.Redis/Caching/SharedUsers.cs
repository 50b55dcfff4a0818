using System.Globalization;
using System.Security.Cryptography;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using StackExchange.Redis;

namespace Roster.Redis.Caching;

/// <summary>
/// One shard's users in Redis, and up to where they are kept true: <c>head</c> names a position such that every change before it
/// was told here, so whatever is here is the row's state as of it. Docs/adr/0025 says why that holds when Redis loses anything.
/// All keys of a shard are in one slot.
/// </summary>
internal sealed class SharedUsers(ShardId shard, RedisCalls calls, SharedCacheOptions options)
{
    private const int EpochAt = 0;
    private const int VersionAt = Hex.Length;
    private const int PositionAt = 2 * Hex.Length;
    private const int StateAt = 3 * Hex.Length;

    private static readonly string Advance = Script("advance");
    private static readonly string Put = Script("put");

    private readonly string prefix = string.Create(
        CultureInfo.InvariantCulture, $"roster:{SharedRow.Format}:{{{options.Namespace}:{shard.Value}}}:");

    private readonly RedisValue expiry = (long)Math.Max(1, options.Expiry.TotalSeconds);

    /// <summary>The channel on which nodes tell each other of their changes.</summary>
    public RedisChannel Channel => RedisChannel.Literal(prefix + "changed");

    /// <summary>Users that are there, each with the position that it is known to be valid as of; null when Redis gave no answer.</summary>
    public async ValueTask<IReadOnlyList<SharedUser?>?> GetAsync(IReadOnlyList<UserId> ids)
    {
        // One command sees one moment: the entries are at least as new as the head.
        var keys = new RedisKey[ids.Count + 1];
        keys[0] = Head;
        for (var i = 0; i < ids.Count; i++)
        {
            keys[i + 1] = KeyOf(ids[i].Value);
        }

        if (await calls.TryAsync(database => database.StringGetAsync(keys)) is not { } values)
        {
            return null;
        }

        var users = new SharedUser?[ids.Count];
        if ((byte[]?)values[0] is not { Length: 49 } head || !Hex.TryRead(head.AsSpan(Hex.Length), out var timeline)
            || !Hex.TryRead(head.AsSpan(2 * Hex.Length), out var at))
        {
            return users;
        }

        for (var i = 0; i < users.Length; i++)
        {
            users[i] = Parse(ids[i], values[i + 1], head.AsSpan(EpochAt, Hex.Length), timeline, at);
        }

        return users;
    }

    /// <summary>Puts in what was read, as far as nothing told speaks against it. How many were taken; null when Redis gave no answer.</summary>
    public async ValueTask<int?> PutAsync(long timeline, IReadOnlyList<Read<User>> users)
    {
        var keys = new RedisKey[users.Count + 3];
        var values = new RedisValue[users.Count + 2];
        Shared(keys);
        (values[0], values[1]) = (Hex.Of(timeline), expiry);
        for (var i = 0; i < users.Count; i++)
        {
            var (state, asOf) = (users[i].State, users[i].AsOf);
            keys[i + 3] = KeyOf(state.Id.Value);
            values[i + 2] = (RedisValue)(byte[])[.. Ascii(state.Sequence), .. Ascii(asOf.Value), .. SharedRow.Write(state)];
        }

        return await calls.TryWriteAsync(database => database.ScriptEvaluateAsync(Put, keys, values)) is { IsNull: false } taken ? (int)taken : null;
    }

    /// <summary>Tells what changed between two positions.</summary>
    /// <param name="from">Everything up to here was told before, by this node or others.</param>
    /// <param name="to">Where that leads.</param>
    /// <param name="rows">Rows that changed, and the version that each has at least.</param>
    /// <param name="mayReset">Whether to begin anew when something before <paramref name="from"/> was not told.</param>
    public async ValueTask<Advanced> AdvanceAsync(Position from, Position to, IReadOnlyList<KeyValuePair<Guid, long>> rows, bool mayReset)
    {
        var keys = new RedisKey[rows.Count + 3];
        var values = new RedisValue[rows.Count + 7];
        Shared(keys);
        values[0] = Hex.Of(to.Timeline);
        values[1] = Hex.Of(from.Value);
        values[2] = Hex.Of(to.Value);
        values[3] = RandomNumberGenerator.GetHexString(Hex.Length, lowercase: true);
        values[4] = options.Remembered;
        values[5] = (long)Math.Max(60, options.Expiry.TotalSeconds);
        values[6] = mayReset ? 1 : 0;
        for (var i = 0; i < rows.Count; i++)
        {
            (keys[i + 3], values[i + 7]) = (KeyOf(rows[i].Key), Hex.Of(rows[i].Value));
        }

        var result = await calls.TryWriteAsync(database => database.ScriptEvaluateAsync(Advance, keys, values));
        return (string?)result switch
        {
            "ok" => Advanced.Done,
            "new" => Advanced.BegunAnew,
            "behind" => Advanced.Behind,
            "old" => Advanced.Left,
            _ => Advanced.Unknown,
        };
    }

    private RedisKey Head => prefix + "head";

    private RedisKey KeyOf(Guid id) => prefix + id.ToString("N");

    private static ReadOnlySpan<byte> Ascii(long number)
    {
        var text = new byte[Hex.Length];
        Hex.Write(number, text);
        return text;
    }

    private void Shared(RedisKey[] keys) => (keys[0], keys[1], keys[2]) = (Head, prefix + "m0", prefix + "m1");

    private SharedUser? Parse(UserId id, RedisValue value, ReadOnlySpan<byte> epoch, long timeline, long at)
    {
        if ((byte[]?)value is not { Length: > StateAt } entry || !entry.AsSpan(EpochAt, Hex.Length).SequenceEqual(epoch)
            || !Hex.TryRead(entry.AsSpan(VersionAt), out var version) || !Hex.TryRead(entry.AsSpan(PositionAt), out var read)
            || SharedRow.TryRead(id, entry, StateAt) is not { } state || state.Sequence != version)
        {
            return null;
        }

        return new SharedUser(state, new Position(shard, timeline, Math.Max(at, read)));
    }

    private static string Script(string name)
    {
        using var stream = typeof(SharedUsers).Assembly.GetManifestResourceStream($"Roster.Redis.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>A user that Redis had, and the position that the state is known to be valid as of.</summary>
internal sealed record SharedUser(User State, Position AsOf);

/// <summary>What became of telling Redis.</summary>
internal enum Advanced
{
    /// <summary>There was no answer: it may have been told, or not.</summary>
    Unknown,

    /// <summary>It was told.</summary>
    Done,

    /// <summary>Nothing that was there before is served any more.</summary>
    BegunAnew,

    /// <summary>Something before was not told yet.</summary>
    Behind,

    /// <summary>The shard has left this timeline.</summary>
    Left,
}
