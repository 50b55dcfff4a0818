using Xunit;

namespace Roster.Tests.Cli;

[Collection(nameof(StandardStreams))]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("Name a verb: roster --help lists them.")]
    [InlineData("\"dance\" is no verb: roster --help lists them.", "dance")]
    [InlineData("The verb \"chaos\" is not built yet.", "chaos", "up")]
    [InlineData("--replicas is not built yet: leave it out.", "lab", "up", "--replicas", "1")]
    [InlineData("--shards must be from 1 to 16.", "lab", "up", "--shards", "0")]
    [InlineData("Unrecognized command or argument '--loud'. See roster import --help.", "import", "a.csv", "--loud")]
    [InlineData("Required argument missing for command: 'export'. See roster export --help.", "export")]
    [InlineData("--connections must be at least 1.", "bench", "--connections", "0")]
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
