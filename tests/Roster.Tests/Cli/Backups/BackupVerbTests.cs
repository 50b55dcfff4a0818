using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Cli.Backups;

/// <summary><c>roster backup</c> and <c>roster restore</c>, as they are typed.</summary>
[Collection(nameof(StandardStreams))]
public sealed class BackupVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roster-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_served_store_is_backed_up_and_restored_with_sentences()
    {
        await using var server = await RunningServer.StartAsync();
        (await server.Admin.PostAsync("/users", """{ "name": "Ada", "email": "ada@example.com" }""")).Is(201);
        var backup = await StandardStreams.RunAsync("backup", In("backup"), "--data", server.Folder);
        Assert.Equal((0, ""), (backup.Code, backup.Errors));
        Assert.Matches($"^{In("backup")} holds 1 shard as of [-0-9T:]+Z, [0-9.]+ KiB, checked\\.", backup.Output);

        var restore = await StandardStreams.RunAsync("restore", In("backup"), "--data", In("data"));
        Assert.Equal((0, ""), (restore.Code, restore.Errors));
        Assert.EndsWith($"Serve it: roster serve --data {In("data")}", restore.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(server.AdminKey, (await File.ReadAllTextAsync(In("data/admin.key"))).Trim());
        var verified = await StandardStreams.RunAsync("rebuild", "--verify", "--data", In("data"));
        Assert.Equal((0, "1 users: every state is the fold of its events."), (verified.Code, verified.Output.TrimEnd()));

        var again = await StandardStreams.RunAsync("backup", In("backup"), "--data", server.Folder);
        Assert.Equal((1, $"{In("backup")} exists and is not empty: name a new folder."), (again.Code, again.Errors.TrimEnd()));
        var onto = await StandardStreams.RunAsync("restore", In("backup"), "--data", server.Folder);
        Assert.Equal(
            (1, $"{server.Folder} exists and is not empty, and process {Environment.ProcessId} holds it: name a new folder."),
            (onto.Code, onto.Errors.TrimEnd()));
    }

    [Fact]
    public async Task What_is_not_there_is_one_sentence()
    {
        var backup = await StandardStreams.RunAsync("backup", In("backup"), "--data", In("nowhere"));
        Assert.Equal((1, $"There is no store in {In("nowhere")}: name its folder with --data."), (backup.Code, backup.Errors.TrimEnd()));
        var restore = await StandardStreams.RunAsync("restore", In("nowhere"), "--data", In("data"));
        Assert.Equal((1, $"{In("nowhere")} is no whole backup: it has no manifest.json."), (restore.Code, restore.Errors.TrimEnd()));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private string In(string name) => Path.Combine(folder, name);
}
