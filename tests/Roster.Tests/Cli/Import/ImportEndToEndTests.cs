using Roster.Tests.Api;
using Roster.Tests.Scripts;
using Xunit;

namespace Roster.Tests.Cli.Import;

[Collection(nameof(StandardStreams))]
public sealed class ImportEndToEndTests : IClassFixture<RunningServer>, IDisposable
{
    private readonly RunningServer server;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-cli-");

    public ImportEndToEndTests(RunningServer server) => this.server = server;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Every_line_is_answered_and_a_second_run_creates_nothing()
    {
        var file = Write("people.csv", "email,name\ntwice@example.com,\"Lovelace, Ada\"\n\nnobody\nTWICE@example.com,Again\n\"b@example.com\",\"two\nlines\"\n,c\n");
        var report = Path.Combine(folder.FullName, "report");

        var (code, output, errors) = await Run("import", file, "--report", report);

        Assert.Equal(0, code);
        Assert.StartsWith("5 lines: 2 created, 1 exist, 2 invalid;", output, StringComparison.Ordinal);
        Assert.Contains("line 4: line has 1 field, not 2", errors, StringComparison.Ordinal);
        Assert.Contains("line 8: email", errors, StringComparison.Ordinal);
        Assert.Equal(["{\"line\":2,", "{\"line\":4,", "{\"line\":5,", "{\"line\":6,", "{\"line\":8,"], File.ReadLines(report).Select(line => line[..10]));
        (_, output, _) = await Run("import", file);
        Assert.StartsWith("5 lines: 0 created, 3 exist, 2 invalid;", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_one_chunk_comes_through_and_is_exported_again()
    {
        const int count = 12_345;
        var file = Write("many", string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"name":"N {{i}}","email":"many{{i}}@example.com"}""" + "\n")));

        var (_, output, errors) = await Run("import", file);
        Assert.Equal(string.Empty, errors);
        Assert.StartsWith($"{count} lines: {count} created, 0 exist, 0 invalid;", output, StringComparison.Ordinal);

        var to = Path.Combine(folder.FullName, "out.csv");
        await Run("export", to);
        var lines = await File.ReadAllLinesAsync(to);
        Assert.Equal("name,email", lines[0]);
        Assert.Equal(count, lines.Count(line => line.Contains(",many", StringComparison.Ordinal)));
        Assert.Empty(folder.GetFiles("*.part"));
    }

    [Fact]
    public async Task Generated_users_are_created_once_however_often_they_are_imported()
    {
        var (_, csv) = await Script.RunAsync("bench/generate-users", "", "6000", "--format", "csv", "--seed", "42");
        var file = Write("generated.csv", csv);

        var (_, first, _) = await Run("import", file);
        var (_, second, _) = await Run("import", file);

        Assert.StartsWith("6000 lines: 6000 created, 0 exist, 0 invalid;", first, StringComparison.Ordinal);
        Assert.StartsWith("6000 lines: 0 created, 6000 exist, 0 invalid;", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up_with_a_sentence_that_says_how_far_it_came()
    {
        await using var broken = await ScriptedServer.StartAsync(
            [new(ScriptedServer.Manner.NotDone, 1), .. Enumerable.Repeat(new ScriptedServer.Failure(ScriptedServer.Manner.Busy), 100)]);
        var file = Write("three.ndjson", string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"name":"N","email":"e{{i}}@example.com"}""" + "\n")));

        var (code, output, errors) = await StandardStreams.RunAsync(
            "import", file, "--patience", "600ms", "--url", broken.Address.Url.ToString());

        Assert.Equal((1, string.Empty), (code, output));
        Assert.EndsWith(
            "Gave up after 0.6 s without an answer: The server answered 503 Service Unavailable: Too much to do. "
            + "1 lines were answered, up to line 1 of the input (1 created, 0 exist, 0 invalid); running it again is safe.",
            errors.TrimEnd(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_said_at_once()
    {
        var file = Write("one.ndjson", "{}\n");

        var (code, _, errors) = await StandardStreams.RunAsync("import", file, "--url", server.Url.ToString(), "--key", "rk_wrong");

        Assert.Equal(1, code);
        Assert.StartsWith("The server answered 401", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_created_listed_and_revoked()
    {
        var (_, secret, _) = await Run("key", "create", "--name", "for a test", "--scopes", "users:read,users:write", "--expires", "30d");
        Assert.StartsWith("rk_", secret, StringComparison.Ordinal);
        var (_, list, _) = await Run("key", "list");
        Assert.Contains("for a test  users:read,users:write  until ", list, StringComparison.Ordinal);
        var (code, _, _) = await Run("key", "revoke", secret.Split('_')[1]);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task What_a_server_refuses_of_keys_is_said_in_a_sentence()
    {
        var (code, _, errors) = await StandardStreams.RunAsync("key", "list", "--url", server.Url.ToString(), "--key", "rk_wrong");
        Assert.Equal(1, code);
        Assert.StartsWith("The server answered 401 Unauthorized: Send a valid API key (Authorization: Bearer rk_…)", errors, StringComparison.Ordinal);
        Assert.EndsWith("Give a key with --key or ROSTER_KEY.", errors.TrimEnd(), StringComparison.Ordinal);
        (code, _, errors) = await Run("key", "create", "--name", "n", "--scopes", "users:eat");
        Assert.Equal(1, code);
        Assert.StartsWith("The server answered 422 Unprocessable Entity: Some values are invalid. scopes must all be of users:read", errors, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private Task<(int Code, string Output, string Errors)> Run(params string[] args) =>
        StandardStreams.RunAsync([.. args, "--url", server.Url.ToString(), "--key", server.AdminKey]);
}
