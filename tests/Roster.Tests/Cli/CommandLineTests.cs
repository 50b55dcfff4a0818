using Xunit;

namespace Roster.Tests.Cli;

[Collection(nameof(StandardStreams))]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("Name a verb: roster --help lists them.")]
    [InlineData("\"dance\" is no verb: roster --help lists them.", "dance")]
    [InlineData("The verb \"chaos\" is not built yet.", "chaos", "up")]
    [InlineData("--replicas must be from 0 to 16.", "lab", "up", "--replicas", "17")]
    [InlineData("--patroni needs somebody to take over: add --replicas 1, or more.", "lab", "up", "--patroni")]
    [InlineData("--patroni and --pgbouncer do not go together: a pgbouncer stands before one server, and the one that leads changes.", "lab", "up", "--patroni", "--replicas", "1", "--pgbouncer")]
    [InlineData("--shards must be from 1 to 16.", "lab", "up", "--shards", "0")]
    [InlineData("Unrecognized command or argument '--loud'. See roster import --help.", "import", "a.csv", "--loud")]
    [InlineData("Required argument missing for command: 'export'. See roster export --help.", "export")]
    [InlineData("--connections must be at least 1.", "bench", "--connections", "0")]
    [InlineData("--connections must be at most 16,000.", "bench", "--connections", "20000")]
    [InlineData("--rate must be at least 1.", "bench", "--rate", "0.5")]
    [InlineData("--rate must be at most 1,000,000.", "bench", "--rate", "NaN")]
    [InlineData("--mix knows no \"read\": it knows get, create, list, email, patch, post, posts, history.", "bench", "--mix", "read=1")]
    [InlineData("--mix gives \"get\" the weight \"-1\": write a whole number from 1, as in get=90,create=10.", "bench", "--mix", "create,get=-1")]
    [InlineData("--mix names \"get\" twice.", "bench", "--mix", "get=1,get=2")]
    [InlineData("--popularity \"zipf:0\" is none: write uniform, or zipf:0.99 with a number above 0 and up to 10.", "bench", "--popularity", "zipf:0")]
    [InlineData("--duration must be more than nothing.", "bench", "--duration", "0")]
    [InlineData("no/such/folder/x.json cannot be written: its folder is not there.", "bench", "--json", "no/such/folder/x.json")]
    [InlineData("--duration \"soon\" is no time: write 500ms, 10s or 2m.", "bench", "--duration", "soon")]
    [InlineData("192.0.2.1 is not this machine: loading somebody's server needs --allow-remote.", "bench", "--url", "http://192.0.2.1")]
    [InlineData("--url \"nowhere\" is no address of a server: write one such as http://127.0.0.1:8080.", "key", "list", "--url", "nowhere")]
    public async Task Wrong_usage_is_one_sentence_and_exit_code_2(string sentence, params string[] args)
    {
        var (code, _, errors) = await StandardStreams.RunAsync(args);

        Assert.Equal((2, sentence), (code, errors.TrimEnd()));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("key")]
    [InlineData("migrate")]
    [InlineData("rebuild")]
    [InlineData("bench")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("shards")]
    [InlineData("doctor")]
    [InlineData("health")]
    [InlineData("lab")]
    public async Task Every_verb_explains_itself(string verb)
    {
        var (code, output, _) = await StandardStreams.RunAsync(verb, "--help");

        Assert.Equal(0, code);
        Assert.Contains($" {verb} ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_sentence_and_exit_code_1()
    {
        var (code, _, errors) = await StandardStreams.RunAsync("key", "list", "--url", "http://127.0.0.1:1");

        Assert.Equal((1, "http://127.0.0.1:1 cannot be reached: Connection refused."), (code, errors.TrimEnd()));
    }
}
