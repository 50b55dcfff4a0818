using Roster.Cli.Verbs;
using Roster.Core.Ids;
using Roster.Core.Storage.Inspection;

namespace Roster.Cli.Shards;

/// <summary>What is in a shard.</summary>
/// <param name="Schema">Version of its schema.</param>
/// <param name="Users">Users that were not deleted.</param>
/// <param name="UsersAreCounted">False when <paramref name="Users"/> is an estimate.</param>
/// <param name="Events">About the number of events.</param>
/// <param name="OutboxEntries">Entries kept for consumers.</param>
/// <param name="OutboxIsCounted">False when <paramref name="OutboxEntries"/> is an estimate.</param>
/// <param name="OldestOutboxSeconds">Age of the oldest of them in seconds; null when there is none.</param>
/// <param name="NewestOutboxSeconds">Age of the newest of them in seconds; null when there is none.</param>
/// <param name="Unsettled">Intents and reservations of changes of e-mails that have not ended.</param>
/// <param name="DatabaseBytes">Length of the database in bytes.</param>
/// <param name="LogBytes">Length of its write-ahead log in bytes; null where a server keeps it.</param>
internal sealed record ShardContent(
    long Schema,
    long Users,
    bool UsersAreCounted,
    long Events,
    long OutboxEntries,
    bool OutboxIsCounted,
    double? OldestOutboxSeconds,
    double? NewestOutboxSeconds,
    long Unsettled,
    long DatabaseBytes,
    long? LogBytes)
{
    public static ShardContent Of(IShardInspection inside, long? logBytes, IReadOnlyList<BucketId> buckets, TimeProvider time)
    {
        var users = inside.Users(buckets);
        var outbox = inside.OutboxEntries;
        return new ShardContent(
            inside.Schema,
            users.Count,
            users.IsExact,
            inside.Events,
            outbox.Count,
            outbox.IsExact,
            Age(inside.OldestOutboxEntry),
            Age(inside.NewestOutboxEntry),
            inside.Unsettled,
            inside.DatabaseBytes,
            logBytes);

        double? Age(DateTimeOffset? at) => at is { } then ? Math.Round(Math.Max(0, (time.GetUtcNow() - then).TotalSeconds), 1) : null;
    }

    public void Show(TextWriter output)
    {
        output.WriteLine($"  {(UsersAreCounted ? "" : "about ")}{Counted.Of(Users, "user")}, about {Counted.Of(Events, "event")}");
        var ages = OldestOutboxSeconds is { } oldest && NewestOutboxSeconds is { } newest ? $", the oldest {Text(oldest)} old, the newest {Text(newest)}" : string.Empty;
        output.WriteLine($"  outbox entries: {(OutboxIsCounted ? "" : "about ")}{Counted.Number(OutboxEntries)}{ages}");
        output.WriteLine($"  changes of e-mails under way: {Counted.Number(Unsettled)}");
        output.WriteLine($"  database {Counted.Bytes(DatabaseBytes)}{(LogBytes is { } log ? $", log {Counted.Bytes(log)}" : string.Empty)}");

        static string Text(double seconds) => Counted.Time(TimeSpan.FromSeconds(seconds));
    }
}
