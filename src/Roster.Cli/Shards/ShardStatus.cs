using Roster.Cli.Storage;
using Roster.Cli.Verbs;
using Roster.Core.Storage;

namespace Roster.Cli.Shards;

/// <summary>How a shard is.</summary>
/// <param name="Shard">Its number.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Problem">Why it cannot be read, in a sentence; the rest is then null.</param>
/// <param name="Process">Who serves it, or null.</param>
/// <param name="Content">What is in it.</param>
internal sealed record ShardStatus(int Shard, string Folder, string? Problem, string? Process, ShardContent? Content)
{
    public static IReadOnlyList<ShardStatus> Of(InspectedShards shards, TimeProvider time) =>
        [.. shards.All.Select(shard => Of(shard, shards, time))];

    public void Show(TextWriter output)
    {
        output.WriteLine($"shard {Shard}, {Folder}: {Problem ?? "ok"}");
        if (Content is not { } content)
        {
            return;
        }

        output.WriteLine($"  {(Process is null ? "not served now" : $"served by process {Process}")}, schema {content.Schema}");
        output.WriteLine($"  {(content.UsersAreCounted ? "" : "about ")}{Counted.Of(content.Users, "user")}, about {Counted.Of(content.Events, "event")}");
        var oldest = content.OldestOutboxSeconds is { } age ? $", the oldest {Counted.Time(TimeSpan.FromSeconds(age))} old" : string.Empty;
        output.WriteLine($"  outbox entries: {content.OutboxEntries:N0}{oldest}");
        output.WriteLine($"  database {Counted.Bytes(content.DatabaseBytes)}, log {Counted.Bytes(content.LogBytes)}");
    }

    private static ShardStatus Of(InspectedShard shard, InspectedShards all, TimeProvider time)
    {
        var unreadable = new ShardStatus(shard.Shard.Value, shard.Folder, shard.Problem, shard.Holder, null);
        if (shard.Inside is not { } inside)
        {
            return unreadable;
        }

        try
        {
            var (users, isExact) = inside.Users(BucketRanges.Of(all.Map(), shard.Shard));
            double? oldest = inside.OldestOutboxEntry is { } at ? Math.Round(Math.Max(0, (time.GetUtcNow() - at).TotalSeconds), 1) : null;
            return unreadable with
            {
                Content = new ShardContent(
                    inside.Schema, users, isExact, inside.Events, inside.OutboxEntries, oldest, inside.DatabaseBytes, inside.LogBytes),
            };
        }
        catch (StoreUnavailableException e)
        {
            return unreadable with { Problem = e.Message };
        }
    }
}

/// <summary>What is in a shard.</summary>
/// <param name="Schema">Version of its schema.</param>
/// <param name="Users">Users that were not deleted.</param>
/// <param name="UsersAreCounted">False when <paramref name="Users"/> is an estimate.</param>
/// <param name="Events">About the number of events.</param>
/// <param name="OutboxEntries">Entries kept for consumers.</param>
/// <param name="OldestOutboxSeconds">Age of the oldest of them in seconds; null when there is none.</param>
/// <param name="DatabaseBytes">Length of the database in bytes.</param>
/// <param name="LogBytes">Length of its write-ahead log in bytes.</param>
internal sealed record ShardContent(
    long Schema, long Users, bool UsersAreCounted, long Events, long OutboxEntries, double? OldestOutboxSeconds, long DatabaseBytes, long LogBytes);
