using System.Text.Json;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Cli.Bench;

[Collection(nameof(StandardStreams))]
public sealed class BenchVerbTests : IClassFixture<RunningServer>, IDisposable
{
    private readonly RunningServer server;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-bench-");

    public BenchVerbTests(RunningServer server) => this.server = server;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Bench_measures_what_it_sends()
    {
        var (output, json) = await Run("--requests", "300", "--connections", "4", "--mix", "get", "--users", "20");

        Assert.Contains("p99.9", output, StringComparison.Ordinal);
        Assert.Equal(300, json.GetProperty("succeeded").GetInt32());
    }

    [Fact]
    public async Task Every_operation_is_one_that_the_API_answers()
    {
        var (_, json) = await Run(
            "--requests", "400", "--rate", "2000", "--users", "20", "--popularity", "zipf", "--mix", "get,create,list,email,patch=3,post,posts,history");

        Assert.Equal((400, 400), (json.GetProperty("requests").GetInt32(), json.GetProperty("succeeded").GetInt32()));
        Assert.All(json.GetProperty("operations").EnumerateObject(), operation => Assert.InRange(operation.Value.GetProperty("succeeded").GetInt32(), 1, 400));
    }

    [Fact]
    public async Task Users_come_from_the_servers_list_or_from_a_file()
    {
        var ids = Path.Combine(folder.FullName, "ids");
        var (_, json) = await Run("--requests", "20", "--mix", "create");
        Assert.Equal(20, json.GetProperty("succeeded").GetInt32());
        (_, json) = await Run("--requests", "50", "--mix", "get,email", "--listed", "10");
        Assert.Equal(50, json.GetProperty("succeeded").GetInt32());

        await File.WriteAllTextAsync(ids, "0199a1b2-0000-7000-8000-000000000000\n\n0199a1b2-0000-7000-8000-000000000001,a@b.c\n", TestContext.Current.CancellationToken);
        var (code, output, _) = await RunVerb("--requests", "5", "--mix", "get", "--ids", ids);
        Assert.Equal(1, code);
        Assert.Contains("404: 5", output, StringComparison.Ordinal);
        (code, _, var errors) = await RunVerb("--mix", "email", "--ids", ids);
        Assert.Equal((1, "Looking up e-mails needs them: write \"ID,EMAIL\" in the lines of the --ids file, or leave it out."), (code, errors.TrimEnd()));

        await File.AppendAllTextAsync(ids, "../keys\n", TestContext.Current.CancellationToken);
        (code, _, errors) = await RunVerb("--mix", "get", "--ids", ids);
        Assert.Equal((1, $"{ids}, line 4: \"../keys\" is no id."), (code, errors.TrimEnd()));
    }

    private async Task<(string Output, JsonElement Json)> Run(params string[] args)
    {
        var (json, histogram) = (Path.Combine(folder.FullName, "b.json"), Path.Combine(folder.FullName, "b.hdr"));
        var (code, output, errors) = await RunVerb([.. args, "--json", json, "--hdr", histogram]);

        Assert.Equal((0, string.Empty), (code, errors));
        Assert.Contains("Percentile", await File.ReadAllTextAsync(histogram, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        return (output, JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken)).RootElement);
    }

    private Task<(int Code, string Output, string Errors)> RunVerb(params string[] args) =>
        StandardStreams.RunAsync(["bench", "--warmup", "0", .. args, "--url", server.Url.ToString(), "--key", server.AdminKey]);
}
