using Microsoft.Extensions.Configuration;
using Roster.Cli.Doctor;
using Roster.Cli.Settings;
using Roster.Storage.Sqlite;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Cli.Doctor;

/// <summary><c>roster doctor</c>: each thing that can be wrong is seen, and only that.</summary>
[Collection(nameof(StandardStreams))]
public sealed class DoctorTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("roster-doctor-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_healthy_server_has_nothing_but_ok()
    {
        await using var server = await RunningServer.StartAsync();
        (await server.Admin.PostAsync("/users", """{ "name": "Ada", "email": "ada@example.com" }""")).Is(201);
        var findings = await ExamineAsync(server.Folder, server.Url, ("Urls", server.Url.ToString()));
        Assert.All(findings, finding => Assert.Equal(Grade.Ok, finding.Grade));
        Assert.Contains($"{server.Folder} is served by process {Environment.ProcessId}.", findings.Select(f => f.Sentence));
        Assert.Equal(2, findings.Count(f => f.Sentence == $"{server.Url.GetLeftPart(UriPartial.Authority)} is answered by a Roster that is ready."));
        Assert.Equal(14, findings.Count);
        Assert.Empty(Directory.GetFiles(server.Folder, "doctor*"));
    }

    [Fact]
    public async Task Before_the_first_start_nothing_is_wrong()
    {
        var data = Path.Combine(folder, "data");
        var findings = await ExamineAsync(data, null, ("Urls", "http://127.0.0.1:0"));
        Assert.Contains(Finding.Note($"{data} does not exist yet: the first roster serve makes it."), findings);
        Assert.DoesNotContain(findings, finding => finding.Grade == Grade.Wrong);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Wrong_settings_are_told_as_serve_tells_them() => Assert.Equal(
        ["wrong  Roster:Foo is no setting of Roster: correct or remove it (docs/settings.md lists all)."],
        (await ExamineAsync(folder, null, ("Roster:Foo", "1"))).Select(f => f.ToString()));

    [Theory]
    [InlineData("DELETE FROM secrets; UPDATE life SET outbox_head = 1", "The placement secret is missing")]
    [InlineData("UPDATE api_keys SET revoked = 1; INSERT INTO api_keys SELECT 'x', tenant, name, 'users:read', secret_hash, 0, NULL, 0 FROM api_keys", "No administrator's key works")]
    [InlineData("UPDATE api_keys SET expires_at = 1", "No administrator's key works")]
    [InlineData("UPDATE api_keys SET id = 'another'", "admin.key is no key that works here")]
    [InlineData("INSERT INTO schema_version VALUES (9999)", "has schema 9999")]
    [InlineData("UPDATE life SET shard = 3", "does not hold shard 0")]
    [InlineData("INSERT INTO outbox VALUES (1, x'00', 1, 'default', 4102444800000000)", "in the future: set this machine's clock")]
    [InlineData("UPDATE shard_map SET owners = zeroblob(4096 * 4 - 4)", "covers 4095 buckets instead of 4096")]
    [InlineData("UPDATE shard_map SET owners = CAST(zeroblob(4096 * 4 - 1) || x'05' AS BLOB)", "names shard 5, which is not configured: set Roster:Shards:5:Path")]
    [InlineData("PRAGMA writable_schema = ON; CREATE TABLE keep (x); DELETE FROM sqlite_schema WHERE name = 'keep'", "is damaged (")]
    public async Task A_store_that_is_wrong_is_told(string damage, string sentence)
    {
        var data = await StoreAsync();
        using (var database = SqliteDatabase.Open(Path.Combine(data, "roster.db"), readOnly: false))
        {
            database.Execute(damage);
        }

        Assert.Contains(sentence, await OnlyWrongAsync(data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_others_can_read_are_told()
    {
        var data = await StoreAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
            Assert.EndsWith($": chmod 700 {data}", await OnlyWrongAsync(data), StringComparison.Ordinal);
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.SetUnixFileMode(Path.Combine(data, "admin.key"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Assert.Contains($": chmod 600 {data}/admin.key,", await OnlyWrongAsync(data), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_in_the_folders_place_is_told()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "data"), "x");
        Assert.EndsWith("data is a file: name a folder with --data or Roster:Shards:0:Path.", await OnlyWrongAsync(Path.Combine(folder, "data")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_somebody_else_has_is_told()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerAsync(listener);
        var url = $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}";
        var findings = await ExamineAsync(Path.Combine(folder, "data"), null, ("Urls", url));
        await answering;
        Assert.Equal($"{url} is answered by something that is no Roster: stop that, or listen elsewhere (--urls).", Assert.Single(findings, f => f.Grade == Grade.Wrong).Sentence);
    }

    [Fact]
    public async Task A_server_that_is_not_there_and_an_address_that_is_not_ours_are_told()
    {
        var findings = await ExamineAsync(Path.Combine(folder, "data"), new Uri("http://127.0.0.1:1"), ("Urls", "http://127.0.0.1:0"));
        Assert.Equal("Nothing listens at http://127.0.0.1:1: start it, or correct --url.", Assert.Single(findings, f => f.Grade == Grade.Wrong).Sentence);
        var absent = await StandardStreams.RunAsync("doctor", "--data", Path.Combine(folder, "data"), "--url", "http://127.0.0.1:1");
        Assert.Equal(1, absent.Code);
        Assert.Contains("wrong  Nothing listens at http://127.0.0.1:1: start it, or correct --url.\n", absent.Output, StringComparison.Ordinal);
        var (code, _, errors) = await StandardStreams.RunAsync("doctor", "--url", "nowhere");
        Assert.Equal((2, "--url \"nowhere\" is no address of a server: write one such as http://127.0.0.1:8080."), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task Keys_in_clear_text_from_other_machines_are_a_note()
    {
        var findings = await ExamineAsync(Path.Combine(folder, "data"), null, ("Urls", "http://0.0.0.0:0;https://0.0.0.0:0"));
        Assert.Contains(findings, f => f.Grade == Grade.Note && f.Sentence.StartsWith("http://0.0.0.0:0 takes keys in clear text", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.Grade == Grade.Wrong);
    }

    private async Task<string> StoreAsync()
    {
        var data = Path.Combine(folder, "data");
        var settings = RosterSettings.Read(new ConfigurationBuilder().Build(), null, data);
        await using var storage = await Roster.Cli.Storage.OpenedStorage.OpenAsync(settings, CancellationToken.None);
        await Roster.Cli.Serving.AdminKeyFile.EnsureAsync(data, storage.Control, TimeProvider.System, CancellationToken.None);
        return data;
    }

    private static async Task<string> OnlyWrongAsync(string data) =>
        Assert.Single(await ExamineAsync(data, null, ("Urls", "http://127.0.0.1:0")), finding => finding.Grade == Grade.Wrong).Sentence;

    private static async Task<List<Finding>> ExamineAsync(string data, Uri? server, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(set => KeyValuePair.Create(set.Key, (string?)set.Value))).Build();
        List<Finding> findings = [];
        await Examination.RunAsync(() => RosterSettings.Read(configuration, null, data), server, TimeProvider.System, findings.Add, CancellationToken.None);
        return findings;
    }

    private static async Task AnswerAsync(System.Net.Sockets.TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8.ToArray());
    }
}
