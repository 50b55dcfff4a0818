using Roster.Core.Storage;
using Roster.Storage.Sqlite;
using Roster.Storage.Sqlite.Backups;
using Xunit;

namespace Roster.Tests.Storage.Sqlite.Backups;

public sealed class ConsistentCutTests
{
    private const int Cuts = 60;

    [Fact]
    public async Task No_cut_shows_an_effect_without_its_cause_on_another_shard()
    {
        // Without syncs a commit takes less time than the beginning of a read: a cut that can tear does.
        await using var two = await TwoShards.OpenAsync(SyncLevel.Off);
        using var end = new CancellationTokenSource();
        var writing = Task.Run(() => WriteInTurnsAsync(two, end.Token));
        while (!writing.IsCompleted && (await two.Second.OutboxHeadAsync(new(1), CancellationToken.None)).Position == 0)
        {
            await Task.Yield();
        }

        for (var i = 0; i < Cuts; i++)
        {
            // Either order of the shards, because a tear shows only when the cause's shard is cut first.
            using var cut = ConsistentCut.Take(i % 2 == 0 ? two.Shards : [.. two.Shards.Reverse()], CancellationToken.None);
            var commits = cut.Snapshots.OrderBy(s => s.Life.Shard.Value).Select(s => s.Life.Commits).ToList();
            Assert.InRange(commits[0] - commits[1], 0, 1);
        }

        await end.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_cut_that_was_not_given_up_leaves_writers_free()
    {
        await using var two = await TwoShards.OpenAsync();
        using var cut = ConsistentCut.Take(two.Shards, CancellationToken.None);
        await two.RegisterAsync(two.First);
        await two.RegisterAsync(two.Second);
        Assert.All(cut.Snapshots, snapshot => Assert.Equal(0, snapshot.Life.Commits));
    }

    [Fact]
    public async Task A_lock_that_somebody_keeps_is_given_up_and_nothing_is_left_locked()
    {
        await using var two = await TwoShards.OpenAsync();
        using var somebody = SqliteDatabase.Open(Path.Combine(two.Shards[1].Folder, "roster.db"), readOnly: false);
        somebody.Execute("BEGIN IMMEDIATE");
        using (var locks = new WriteLocks([.. two.Shards.Select(shard => Path.Combine(shard.Folder, "roster.db"))]))
        {
            Assert.False(locks.TryTake(CancellationToken.None));
            await two.RegisterAsync(two.First);
            somebody.RollBack();
            Assert.True(locks.TryTake(CancellationToken.None));
        }

        await two.RegisterAsync(two.Second);
    }

    [Fact]
    public async Task A_refused_cut_leaves_the_log_of_a_killed_server_to_the_next_one()
    {
        await using var two = await TwoShards.OpenAsync();
        await two.RegisterAsync(two.First);
        var (killed, log) = (Directory.CreateDirectory(two.Beside("killed")).FullName, two.Beside("killed/roster.db-wal"));
        File.Copy(Path.Combine(two.Shards[0].Folder, "roster.db"), Path.Combine(killed, "roster.db"));
        File.Copy(Path.Combine(two.Shards[0].Folder, "roster.db-wal"), log);
        var before = await File.ReadAllBytesAsync(log);
        Refusal([new(new(1), killed)]);
        Assert.Equal(before, await File.ReadAllBytesAsync(log));
    }

    [Fact]
    public async Task Folders_without_a_store_or_with_another_shard_are_told()
    {
        await using var two = await TwoShards.OpenAsync();
        Assert.StartsWith("There is no store in ", Refusal([new(new(0), two.Beside("nowhere"))]), StringComparison.Ordinal);
        Assert.EndsWith(" does not hold shard 0: correct the settings.", Refusal([new(new(0), two.Shards[1].Folder)]), StringComparison.Ordinal);
        Directory.CreateDirectory(two.Beside("empty"));
        await File.WriteAllBytesAsync(two.Beside("empty/roster.db"), []);
        Assert.EndsWith("is not, or not yet, a store of Roster.", Refusal([new(new(0), two.Beside("empty"))]), StringComparison.Ordinal);
        await File.WriteAllTextAsync(two.Beside("empty/roster.db"), new string('x', 5000));
        Assert.Throws<StoreUnavailableException>(() => ConsistentCut.Take([new(new(0), two.Beside("empty"))], CancellationToken.None));
    }

    private static string Refusal(IReadOnlyList<ShardFolder> shards) =>
        Assert.Throws<InvalidDataException>(() => ConsistentCut.Take(shards, CancellationToken.None)).Message;

    private static async Task WriteInTurnsAsync(TwoShards two, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await two.RegisterAsync(two.First);
            await two.RegisterAsync(two.Second);
        }
    }
}
