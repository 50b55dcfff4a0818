using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Core.Ids;
using Roster.Lab;
using Roster.Storage.Postgres;
using Roster.Tests.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Cli.Storage;

/// <summary><c>roster migrate</c> over servers: a sentence for each shard.</summary>
public sealed class ShardMigrationsTests(PostgresLab lab)
{
    private readonly List<string> told = [];
    private readonly List<string> complaints = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shard_that_cannot_be_reached_holds_up_no_other()
    {
        var first = await lab.CreateAsync();
        await PostgresLab.RunAsync(await lab.ServerAsync(), "CREATE DATABASE empty_shard");
        var empty = PostgresLab.OptionsOf(await lab.ServerAsync(), "empty_shard");
        var port = LoopbackPorts.Free();
        var settings = new PostgresSettings
        {
            Shards =
            [
                new PostgresShard(new ShardId(0), first.ConnectionString, null),
                new PostgresShard(new ShardId(1), $"Host=127.0.0.1;Port={port};Username=x;Database=x", null),
                new PostgresShard(new ShardId(2), empty.ConnectionString, null),
            ],
            PrepareStatements = true,
            AllowUnsafeDurability = false,
        };
        var migrations = new ShardMigrations(settings, told.Add, complaints.Add);

        Assert.False(await migrations.ListAsync(Cancel));
        var newest = PostgresMigrations.Newest;
        Assert.Equal($"Shard 2 ({empty.Address}) would be brought to schema {newest} by 0001_initial, 0002_commit, 0003_expiry, 0004_parked, 0005_sign_ups, 0006_sign_ups_unseen.", told[1]);
        Assert.False(await migrations.ApplyAsync(null, Cancel));
        Assert.False(await migrations.ApplyAsync(null, Cancel));
        Assert.Equal(
            [
                $"Shard 0 ({first.Address}) is up to date (schema {newest}).",
                $"Shard 2 ({empty.Address}) has schema {newest} now (1, 2, 3, 4, 5, 6 applied).",
                $"Shard 0 ({first.Address}) is up to date (schema {newest}).",
                $"Shard 2 ({empty.Address}) is up to date (schema {newest}).",
            ],
            told.Skip(2));
        Assert.Equal(Enumerable.Repeat($"Shard 1 (127.0.0.1:{port}/x): The database cannot be reached.", 3), complaints);
        await lab.DropAsync(first);
        await lab.DropAsync(empty);
    }
}
