using System.Net;
using System.Net.Http.Json;
using Roster.Cluster.Tests.Crashes;
using Roster.Cluster.Tests.Processes;
using Xunit;

namespace Roster.Cluster.Tests.Backups;

/// <summary><c>roster backup</c> beside a server that is written to, and what <c>roster restore</c> makes of it.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Backups = 3;
    private const int Kills = 2;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_backup_of_a_busy_server_holds_every_write_acknowledged_before_it(int shards)
    {
        await using var server = await RosterProcess.StartAsync(shards: shards);
        using var http = server.Connect();
        using var end = new CancellationTokenSource();
        using var lasting = await http.PostAsJsonAsync("/users", new { name = "Lasting", email = "lasting@example.com" });
        var first = new KnownUser(await lasting.Content.ReadAsStringAsync());
        var clients = Enumerable.Range(0, Clients).Select(number => new BusyClient(number, http)).ToList();
        var working = clients.Select(client => client.WorkAsync(end.Token)).ToList();
        var backups = new List<(string Folder, List<(BusyClient Client, IReadOnlyCollection<KnownUser> Users)> Known)>();
        for (var number = 0; number < Backups; number++)
        {
            await Task.Delay(200);
            var known = clients.Select(client => (client, client.Known())).ToList();
            var folder = server.Beside($"backup-{number}");
            Succeeded(await server.RunAsync("backup", folder, "--data", server.Data));
            backups.Add((folder, known));
        }

        Dictionary<string, string> listening = new(StringComparer.Ordinal) { ["Urls"] = server.Address.ToString() };
        Succeeded(await Ended.RunAsync(server.Beside(""), ["doctor", "--data", server.Data], listening));
        await end.CancelAsync();
        await Task.WhenAll(working);
        output.WriteLine($"{clients.Sum(client => client.Writes)} writes beside {Backups} backups");
        foreach (var (folder, known) in backups)
        {
            await IsWholeAsync(server, folder, shards, first, known);
        }

        Assert.Equal(0, await server.StopAsync());
        Succeeded(await server.VerifyAsync());
        string[] left = [.. Directory.GetFiles(server.Beside(""), "*", SearchOption.AllDirectories).Where(file => file.EndsWith("-wal", StringComparison.Ordinal))];
        Assert.Empty(left);
    }

    [Fact]
    public async Task A_killed_backup_leaves_nothing_that_can_be_restored()
    {
        await using var server = await RosterProcess.StartAsync();
        await FillAsync(server);
        for (var kills = 0; kills < Kills;)
        {
            var target = server.Beside("killed");
            await using var backup = ChildProcess.Start(ServerProgram.Roster, ["backup", target, "--data", server.Data], server.Beside(""));
            while (!backup.HasExited && DraftsOf(target).Length == 0)
            {
                await Task.Delay(1);
            }

            await Task.Delay(kills * 20);
            backup.Kill();
            await backup.WaitAsync(RosterProcess.Patience);
            Assert.True(DraftsOf(target) is [_], $"The backup was not killed in its middle: {backup.Errors}");
            var draft = DraftsOf(target)[0];
            if (!File.Exists(Path.Combine(draft, "manifest.json")))
            {
                kills++;
                Assert.False(Directory.Exists(target));
                var refused = await server.RunAsync("restore", draft, "--data", server.Beside("restored"));
                Assert.Equal((1, $"{draft} is no whole backup: it has no manifest.json.\n"), (refused.ExitCode, refused.Errors));
                Assert.False(Directory.Exists(server.Beside("restored")));
            }

            Directory.Delete(draft, recursive: true);
        }

        // The server has not noticed, and the next backup is whole.
        Succeeded(await server.RunAsync("backup", server.Beside("whole"), "--data", server.Data));
        Succeeded(await server.RunAsync("restore", server.Beside("whole"), "--data", server.Beside("restored")));
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_backup_of_a_store_whose_server_was_killed_leaves_the_log_to_the_next_server()
    {
        await using var server = await RosterProcess.StartAsync();
        await FillAsync(server);
        await server.KillAsync();
        var log = new FileInfo(Path.Combine(server.Data, "roster.db-wal"));
        var (length, written) = (log.Length, log.LastWriteTimeUtc);
        Assert.True(length > 0, "There is no log whose fate could be told.");
        Succeeded(await server.RunAsync("backup", server.Beside("backup"), "--data", server.Data));
        Succeeded(await server.RunAsync("shards", "status", "--data", server.Data));
        log.Refresh();
        Assert.Equal((length, written), (log.Length, log.LastWriteTimeUtc));
        Succeeded(await server.RunAsync("restore", server.Beside("backup"), "--data", server.Beside("restored")));
        await using var restored = await RosterProcess.StartAsync(data: server.Beside("restored"));
        Assert.Equal(await ExportAsync(restored), await RestartedExportAsync(server));
    }

    private static async Task IsWholeAsync(
        RosterProcess server, string backup, int shards, KnownUser first, List<(BusyClient Client, IReadOnlyCollection<KnownUser> Users)> known)
    {
        await using var restored = RosterProcess.Prepare(shards: shards);
        Succeeded(await restored.RunAsync("restore", backup, "--data", restored.Data));
        Succeeded(await restored.VerifyAsync());
        await restored.StartFirstAsync();
        Assert.Equal(server.Key, restored.Key);
        using var http = restored.Connect();
        foreach (var (client, users) in known)
        {
            await new Verification(http) { MayBeDeleted = client.MayBeDeleted }.NothingIsLostAsync(users, new Dictionary<string, string>(StringComparer.Ordinal));
        }

        // Found by e-mail, and its owner: both need the placement secret of the first life.
        using var found = await http.GetAsync(new Uri($"/users?email={first.Email}", UriKind.Relative));
        Assert.Contains(first.Id, await found.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var again = await http.PostAsJsonAsync("/users", new { name = "Imposter", email = first.Email });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var fresh = await http.PostAsJsonAsync("/users", new { name = "New", email = "new@example.com" });
        Assert.Equal(HttpStatusCode.Created, fresh.StatusCode);
        Assert.Equal(0, await restored.StopAsync());
    }

    private static async Task FillAsync(RosterProcess server)
    {
        using var http = server.Connect();
        var lines = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"name\":\"Ada {i}\",\"email\":\"ada{i}@example.com\"}}\n"));
        using var content = new StringContent(lines, System.Text.Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri("/users/import", UriKind.Relative), content);
        Assert.Contains("\"created\":20000", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string> ExportAsync(RosterProcess server)
    {
        using var http = server.Connect();
        return await http.GetStringAsync(new Uri("/users/export", UriKind.Relative));
    }

    private static async Task<string> RestartedExportAsync(RosterProcess server)
    {
        await server.StartAgainAsync();
        return await ExportAsync(server);
    }

    private static string[] DraftsOf(string target) => Directory.GetDirectories(Path.GetDirectoryName(target)!, Path.GetFileName(target) + ".*.part");

    private static void Succeeded(Ended ended) => Assert.True(ended.ExitCode == 0, $"Exit code {ended.ExitCode}: {ended.Output}{ended.Errors}");
}
