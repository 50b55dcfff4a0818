using System.Globalization;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>The log's size under load, and what is left after a clean end.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly SqliteFolder folder = new();
    private readonly Changes changes = new();

    public void Dispose() => folder.Delete();

    [Fact]
    public async Task The_log_stays_bounded_while_readers_never_rest()
    {
        await using var store = await SqliteStore.OpenAsync(
            folder.Options with { CheckpointMiB = 1 }, SuiteEncoders.All, CancellationToken.None);
        using var end = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await store.OutboxAsync(store.Shards[0], default, 500, CancellationToken.None);
            }
        })).ToArray();

        var log = new FileInfo(folder.Database + "-wal");
        var largest = 0L;
        for (var i = 0; i < 200; i++)
        {
            await store.CommitAsync([.. Enumerable.Range(0, 50).Select(j => Register((i * 50) + j))], CancellationToken.None);
            log.Refresh();
            largest = Math.Max(largest, log.Length);
        }

        await end.CancelAsync();
        await Task.WhenAll(readers);
        Assert.InRange(largest, 1 << 20, 4 << 20);
    }

    [Fact]
    public async Task A_closed_store_leaves_one_whole_file()
    {
        var store = await folder.OpenAsync();
        await store.CommitAsync([Register(1)], CancellationToken.None);
        await store.DisposeAsync();
        Assert.False(File.Exists(folder.Database + "-wal"));
    }

    [Fact]
    public async Task The_log_of_a_killed_process_is_emptied_at_the_next_start()
    {
        await using var alive = await folder.OpenAsync();
        await alive.CommitAsync([Register(1)], CancellationToken.None);
        var killed = new SqliteFolder();
        Directory.CreateDirectory(killed.Path);
        File.Copy(folder.Database, killed.Database);
        File.Copy(folder.Database + "-wal", killed.Database + "-wal");
        Assert.NotEqual(0, new FileInfo(killed.Database + "-wal").Length);

        await using (var store = await killed.OpenAsync())
        {
            Assert.Equal(0, new FileInfo(killed.Database + "-wal").Length);
            Assert.Single(await store.LedgersAsync(null, 10, CancellationToken.None));
        }

        killed.Delete();
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = await folder.OpenAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.CommitAsync([Register(1)], default));
        await Assert.ThrowsAsync<StoreUnavailableException>(
            async () => await store.UsersAsync([default], ConsistencyToken.None, default));
        Assert.Single(await store.CheckAsync(default));
    }

    private Change Register(int number) =>
        changes.Register(string.Create(CultureInfo.InvariantCulture, $"User {number}"), $"u{number}@example.org");
}
