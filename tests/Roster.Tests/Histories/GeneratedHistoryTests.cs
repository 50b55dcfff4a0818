using CsCheck;
using Roster.Lab.Histories;
using Xunit;

namespace Roster.Tests.Histories;

/// <summary>Correct histories are clean, and each way to corrupt one is named, with the line that proves it.</summary>
public sealed class GeneratedHistoryTests
{
    [Fact]
    public void A_correct_history_is_clean() =>
        RandomHistory.Gen.Sample(history => Assert.Empty(HistoryChecker.Check(history).Findings), iter: 2_000);

    [Fact]
    public void An_acknowledged_write_that_is_gone_is_lost() => Each(
        FindingKind.Lost,
        history => history.Operations.Where(IsDone),
        (history, write) => (history with { Final = [.. history.Final.Where(final => final.Tag != write.Tag)] }, write));

    [Fact]
    public void A_write_that_is_there_twice_is_a_duplicate() => Each(
        FindingKind.Duplicate,
        history => history.Final,
        (history, write) => (history with { Final = [.. history.Final, write with { Version = 1_000 }] }, write));

    [Fact]
    public void A_version_that_is_given_twice_is_a_duplicate() => Each(
        FindingKind.Duplicate,
        history => history.Operations.Where(write => IsDone(write) && history.Operations.Any(other => IsDone(other) && IsAnother(other, write))),
        (history, write) => Replace(history, write, write with { Version = history.Operations.First(other => IsDone(other) && IsAnother(other, write)).Version }));

    [Fact]
    public void A_read_older_than_its_token_is_stale() => Each(
        FindingKind.Stale,
        history => history.Operations.Where(read => read is { Kind: OperationKind.Read, Sent: not null } && OwnWrites(history, read).Any()),
        (history, read) => Replace(history, read, read with { Version = OwnWrites(history, read).Min(write => write.Version) - 1 }));

    [Fact]
    public void A_read_older_than_is_allowed_is_stale() => Each(
        FindingKind.Stale,
        history => history.Operations.Where(read => read.Kind == OperationKind.Read && history.Operations.Any(
            write => IsDone(write) && write.User == read.User && write.Answered < read.Invoked - RandomHistory.Staleness)),
        (history, read) => Replace(history, read, read with { Version = 0 }));

    [Fact]
    public void Writes_against_real_time_are_out_of_order() => Each(
        FindingKind.OutOfOrder,
        history => history.Operations.Where(write => IsDone(write) && history.Operations.Any(other => IsDone(other) && IsAnother(other, write) && other.Answered < Began(history, write))),
        (history, write) => Replace(history, write, write with { Version = 0 }));

    [Fact]
    public void A_read_of_what_nobody_wrote_is_a_ghost() => Each(
        FindingKind.Ghost,
        history => history.Operations.Where(read => read is { Kind: OperationKind.Read, Version: > 0 }),
        (history, read) => Replace(history, read, read with { Tag = "nobody's" }));

    [Fact]
    public void A_refused_write_that_is_there_is_a_ghost() => Each(
        FindingKind.Ghost,
        history => history.Operations.Where(write => write.Outcome == OperationOutcome.Refused),
        (history, write) => (history with { Final = [.. history.Final, new FinalWrite(write.User, 1_000, write.Tag!)] }, new FinalWrite(write.User, 1_000, write.Tag!)));

    [Fact]
    public void A_read_from_the_future_is_a_ghost() => Each(
        FindingKind.Ghost,
        history => history.Operations.Where(write => IsDone(write) && history.Operations.Any(read => IsBefore(read, write))),
        (history, write) => Replace(history, history.Operations.First(read => IsBefore(read, write)), history.Operations.First(read => IsBefore(read, write)) with { Version = write.Version, Tag = write.Tag }));

    [Fact]
    public void Every_doubt_is_told_of_and_none_is_a_finding() => RandomHistory.Gen.Sample(history =>
    {
        var verdict = HistoryChecker.Check(history);
        var inDoubt = history.Operations.Where(o => o.Outcome == OperationOutcome.Unknown && !history.Operations.Any(again => IsDone(again) && again.Key == o.Key)).ToList();
        Assert.Equal(inDoubt.Count, verdict.Unknown.Count);
        Assert.Equal(inDoubt.Select(o => o.Key).Order(StringComparer.Ordinal), verdict.Unknown.Select(f => ((Operation)f.Evidence[0]).Key).Order(StringComparer.Ordinal));
    });

    [Fact]
    public async Task A_history_is_the_same_after_a_file() => await RandomHistory.Gen.SampleAsync(
        async history =>
        {
            var path = Path.GetTempFileName();
            try
            {
                await HistoryFiles.WriteAsync(path, history, CancellationToken.None);
                var read = await HistoryFiles.ReadAsync([path], CancellationToken.None);
                Assert.Equal(history.Operations.OrderBy(o => o.Invoked), read.Operations.Select(o => o with { Source = null }));
                Assert.Equal(history.Final, read.Final.Select(f => f with { Source = null }));
                Assert.Equal($"{Path.GetFileName(path)}:1", read.Operations.First().Source);
            }
            finally
            {
                File.Delete(path);
            }
        },
        iter: 20);

    [Fact]
    public async Task A_line_of_something_else_is_refused_with_its_place()
    {
        var path = Path.GetTempFileName();
        try
        {
            foreach (var line in new[] { "{", "{\"line\":\"other\"}", "{\"line\":\"write\",\"user\":\"u\",\"version\":1,\"tag\":\"t\",\"more\":1}", "{\"user\":\"u\"}", "null" })
            {
                await File.WriteAllLinesAsync(path, [HistoryJson.Write(new FinalOwner("e", "u")), string.Empty, line]);
                var refused = await Assert.ThrowsAsync<HistoryFormatException>(() => HistoryFiles.ReadAsync([path], CancellationToken.None));
                Assert.StartsWith($"{Path.GetFileName(path)}:3 is no line of a history: ", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Each<T>(
        FindingKind expected, Func<History, IEnumerable<T>> targets, Func<History, T, (History History, HistoryLine Proof)> corrupt)
    {
        var corrupted = 0;
        RandomHistory.Gen.Sample(
            history =>
            {
                foreach (var target in targets(history).Take(5))
                {
                    var (wrong, proof) = corrupt(history, target);
                    Assert.Contains(HistoryChecker.Check(wrong).Findings, finding => finding.Kind == expected && finding.Evidence.Any(line => IsOf(line, proof)));
                    Interlocked.Increment(ref corrupted);
                }
            },
            iter: 300);
        Assert.True(corrupted > 100, $"Only {corrupted} could be corrupted.");
    }

    private static (History History, HistoryLine Proof) Replace(History history, Operation old, Operation changed) =>
        (history with { Operations = [.. history.Operations.Where(o => o != old), changed] }, changed);

    /// <summary>Attempts at one write are joined, so that its line begins earlier.</summary>
    private static bool IsOf(HistoryLine line, HistoryLine proof) =>
        line == proof || (line is Operation { Key: { } key } && proof is Operation write && write.Key == key);

    private static bool IsDone(Operation o) => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Done };

    private static long Began(History history, Operation write) => history.Operations.Where(o => o.Key == write.Key).Min(o => o.Invoked);

    private static bool IsAnother(Operation other, Operation write) => other.User == write.User && other.Key != write.Key;

    private static bool IsBefore(Operation read, Operation write) =>
        read.Kind == OperationKind.Read && read.User == write.User && read.Answered < write.Invoked - 50;

    /// <summary>What the one who reads had been told of before, at the latest by the token.</summary>
    private static IEnumerable<Operation> OwnWrites(History history, Operation read) =>
        history.Operations.Where(write => IsDone(write) && write.User == read.User && write.Token == read.Sent);
}
