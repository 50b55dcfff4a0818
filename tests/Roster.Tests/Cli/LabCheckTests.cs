using Roster.Lab.Histories;
using Xunit;

namespace Roster.Tests.Cli;

/// <summary><c>roster lab check</c> says what logs prove, and its exit code says whether anything is wrong.</summary>
[Collection(nameof(StandardStreams))]
public sealed class LabCheckTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");

    [Fact]
    public async Task A_sound_history_ends_with_0() => await RunAsync(
        0, "2 operations, 1 final version: 0 findings, 0 unknown.", Write, Read with { Version = 1, Tag = "a" }, new FinalWrite("u", 1, "a"));

    [Fact]
    public async Task A_stale_read_ends_with_1_and_the_lines_that_prove_it()
    {
        var said = await RunAsync(1, "2 operations, 1 final version: 1 finding, 0 unknown.", Write, Read, new FinalWrite("u", 1, "a"));
        Assert.StartsWith("Stale: User u: ", said, StringComparison.Ordinal);
        Assert.Contains("\n    log.jsonl:2 {\"line\":\"operation\"", said, StringComparison.Ordinal);
        Assert.Contains("\n    log.jsonl:1 {\"line\":\"operation\"", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_told_of()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "log.jsonl"), "nonsense\n", TestContext.Current.CancellationToken);
        var (code, _, errors) = await StandardStreams.RunAsync("lab", "check", Path.Combine(folder.FullName, "log.jsonl"));
        Assert.Equal(1, code);
        Assert.StartsWith("log.jsonl:1 is no line of a history: ", errors, StringComparison.Ordinal);
        Assert.Equal(1, (await StandardStreams.RunAsync("lab", "check", Path.Combine(folder.FullName, "none"))).Code);
        Assert.Equal(2, (await StandardStreams.RunAsync("lab", "check")).Code);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static Operation Write => new()
    {
        User = "u", Kind = OperationKind.Write, Outcome = OperationOutcome.Done, Invoked = 1, Answered = 2, Version = 1, Tag = "a", Token = "t",
    };

    private static Operation Read => new()
    {
        User = "u", Kind = OperationKind.Read, Outcome = OperationOutcome.Done, Invoked = 3, Answered = 4, Sent = "t",
    };

    private async Task<string> RunAsync(int code, string last, params HistoryLine[] lines)
    {
        var log = Path.Combine(folder.FullName, "log.jsonl");
        await File.WriteAllLinesAsync(log, lines.Select(HistoryJson.Write), TestContext.Current.CancellationToken);
        var (ended, output, _) = await StandardStreams.RunAsync("lab", "check", log);
        Assert.Equal((code, last), (ended, output.TrimEnd().Split('\n')[^1]));
        return output;
    }
}
