using Roster.Cli.Shards;
using Roster.Cli.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Tests.Cli.Storage;
using Roster.Tests.Storage.Postgres;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Cli.Shards;

/// <summary><c>roster shards</c> over servers.</summary>
public sealed class PostgresShardsTests(PostgresLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_status_shows_what_is_in_each_shard_and_how_its_server_is()
    {
        await using var pair = await PostgresPair.MakeAsync(lab);
        await using (var storage = await pair.OpenAsync())
        {
            var changes = new Changes();
            await storage.Store.CommitAsync([.. Enumerable.Range(0, 40).Select(i => changes.Register("Ada", $"ada{i}@example.org"))], Cancel);
        }

        using var shards = await InspectedShards.OpenAsync(pair.Settings(), Cancel);
        var status = ShardStatus.Of(shards, TimeProvider.System);
        Assert.Equal(40, status.Sum(shard => shard.Content!.Users));
        Assert.All(status, shard => Assert.Equal((null, true, 2048, 1L), (shard.Problem, shard.Server!.OwnsWhatMapSays, shard.Server.OwnedBuckets, shard.Server.OwnedEpoch)));
        Assert.All(status, shard => Assert.Equal(shard.Content!.Users, shard.Content.OutboxEntries));
        using var text = new StringWriter();
        status[1].Show(text);
        var lines = text.ToString().Split('\n');
        Assert.Equal($"shard 1, {pair.Shards[1].Address}: ok", lines[0]);
        Assert.Matches($@"^  leads, PostgreSQL 15\.\d+, answers in \d+\.\d ms, schema {PostgresMigrations.Newest}$", lines[1]);
        Assert.Matches(@"^  outbox entries: \d+, the oldest [\d.]+ \w+ old, the newest [\d.]+ \w+$", lines[3]);
        Assert.Equal("  changes of e-mails under way: 0", lines[4]);
        Assert.Matches(@"^  log at 1/[0-9A-F]+/[0-9A-F]+, [01] standbys?", lines[6]);
        Assert.Equal("  2,048 buckets of epoch 1, as the shard map says", lines[7]);
        Assert.Matches(@"^  connections: \d+ of \d+$", lines[8]);
        Assert.Equal("  fsync on, synchronous_commit on, full_page_writes on", lines[9]);

        var list = ShardList.Of(shards);
        Assert.Equal([(0, pair.Shards[0].Address, 2048), (1, pair.Shards[1].Address, 2048)], list.Shards.Select(shard => (shard.Shard, shard.Address!, shard.Buckets)));
    }

    [Fact]
    public async Task A_shard_that_is_away_has_its_problem_and_the_other_is_shown()
    {
        await using var pair = await PostgresPair.MakeAsync(lab);
        await (await pair.OpenAsync()).DisposeAsync();
        var settings = pair.Settings(("Roster:Shards:1:Primary", $"Host=127.0.0.1;Port={Lab.LoopbackPorts.Free()};Username=x;Database=x"));
        using var shards = await InspectedShards.OpenAsync(settings, Cancel);
        var status = ShardStatus.Of(shards, TimeProvider.System);
        Assert.Equal([null, "The database cannot be reached."], status.Select(shard => shard.Problem));
        Assert.Equal((true, false), (status[0].Content is not null, status[1].Content is not null));
    }

    [Fact]
    public async Task A_shard_that_was_not_migrated_cannot_serve()
    {
        await using var pair = await PostgresPair.MakeAsync(lab);
        await pair.RunAsync(1, "DELETE FROM schema_version");
        using var shards = await InspectedShards.OpenAsync(pair.Settings(), Cancel);
        Assert.Equal([null, $"It has schema 0, and this program needs {PostgresMigrations.Newest}: roster migrate"], ShardStatus.Of(shards, TimeProvider.System).Select(shard => shard.Problem));
    }

    [Fact]
    public async Task Many_users_and_outbox_entries_are_estimated()
    {
        await using var pair = await PostgresPair.MakeAsync(lab);
        await pair.RunAsync(0, """
            INSERT INTO claims (bucket, tenant, email_key, user_id, fence)
            SELECT i % 4096, 'default', 'user' || i, gen_random_uuid(), 0 FROM generate_series(1, 150000) AS i;
            INSERT INTO outbox (slot, position, xid, bucket, user_id, sequence, tenant, at)
            SELECT i % 8, i, '1', 0, gen_random_uuid(), 1, 'default', i FROM generate_series(1, 120000) AS i;
            ANALYZE claims; ANALYZE outbox
            """);
        using var shards = await InspectedShards.OpenAsync(pair.Settings(), Cancel);
        var content = ShardStatus.Of(shards, TimeProvider.System)[0].Content!;
        Assert.Equal((false, false), (content.UsersAreCounted, content.OutboxIsCounted));
        Assert.InRange(content.Users, 145_000, 155_000);
        Assert.InRange(content.OutboxEntries, 115_000, 125_000);
        using var text = new StringWriter();
        content.Show(text);
        Assert.Contains("about 150,000 users", text.ToString(), StringComparison.Ordinal);
    }
}
