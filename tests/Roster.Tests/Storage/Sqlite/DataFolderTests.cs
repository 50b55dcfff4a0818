using System.Diagnostics;
using Roster.Core.Ids;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Storage.Sqlite;

/// <summary>Who may open a data folder.</summary>
public sealed class DataFolderTests : IDisposable
{
    private readonly SqliteFolder folder = new();

    public void Dispose() => folder.Delete();

    [Fact]
    public async Task Two_stores_cannot_share_a_folder()
    {
        await using var first = await folder.OpenAsync();
        var refused = await Assert.ThrowsAsync<DataFolderInUseException>(folder.OpenAsync);
        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId};", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_frees_its_folder()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        await (await folder.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task A_lock_ends_with_its_process_even_when_killed()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        var start = new ProcessStartInfo("flock", [Path.Combine(folder.Path, "roster.lock"), "sleep", "60"]);
        using var holder = Process.Start(start)!;
        while (await IsFreeAsync())
        {
            Assert.False(holder.HasExited, "flock could not take the lock.");
        }

        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync();
        for (var patience = Stopwatch.StartNew(); !await IsFreeAsync();)
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(10), "The lock outlived its process.");
        }
    }

    [Fact]
    public async Task A_new_folder_is_its_owners_only()
    {
        await using var store = await folder.OpenAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        using (var database = SqliteDatabase.Open(folder.Database, readOnly: false))
        {
            database.Execute("INSERT INTO schema_version (version) VALUES (9999)");
        }

        var refused = await Assert.ThrowsAsync<InvalidDataException>(folder.OpenAsync);
        Assert.Contains("schema 9999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_never_becomes_another_shard()
    {
        await (await folder.OpenAsync()).DisposeAsync();
        var other = folder.Options with { Shard = new ShardId(1) };
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => SqliteStore.OpenAsync(other, SuiteEncoders.All, CancellationToken.None));
        await (await folder.OpenAsync()).DisposeAsync();
    }

    [Fact]
    public async Task Three_shards_open_in_one_process()
    {
        var shards = Enumerable.Range(0, 3).Select(i => new ShardId(i)).ToArray();
        var stores = await Task.WhenAll(shards.Select(shard => SqliteStore.OpenAsync(
            folder.Options with { Folder = Path.Combine(folder.Path, $"{shard.Value}"), Shard = shard },
            SuiteEncoders.All,
            CancellationToken.None)));
        Assert.Equal(shards, stores.SelectMany(store => store.Shards));
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    private async Task<bool> IsFreeAsync()
    {
        try
        {
            await (await folder.OpenAsync()).DisposeAsync();
            return true;
        }
        catch (DataFolderInUseException)
        {
            return false;
        }
    }
}
