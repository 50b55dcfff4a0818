using Roster.Lab.Histories;
using Xunit;
using static Roster.Lab.Histories.FindingKind;

namespace Roster.Tests.Histories;

/// <summary>Hand-made histories, sound and unsound; times are the numbers in brackets.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly Operation First = Write("a", 1, 1, 2) with { Takes = "e" };

    [Fact]
    public void A_sound_history_has_no_findings() => Check(
        [],
        First, Read(0, null, 0, 1), Read(1, "a", 3, 4), Write("b", 2, 5, 8), Read(1, "a", 6, 7), Read(2, "b", 6, 9), Read(2, "b", 10, 11));

    [Fact]
    public void A_read_may_see_a_write_that_is_not_acknowledged_yet() =>
        Check([], First, Write("b", 2, 5, 20), Read(2, "b", 6, 7), Read(2, "b", 8, 9));

    [Fact]
    public void An_acknowledged_write_that_is_gone_is_lost() =>
        Check([Lost], [Final(1, "a")], First, Write("b", 2, 3, 4));

    [Fact]
    public void A_write_that_another_overwrote_is_lost_and_its_version_a_duplicate() =>
        Check([Lost, Duplicate], [Final(1, "a"), Final(2, "c")], First, Write("b", 2, 3, 6), Write("c", 2, 4, 5));

    [Fact]
    public void A_read_older_than_an_acknowledged_write_is_stale() =>
        Check([Stale], First, Write("b", 2, 3, 4), Read(1, "a", 5, 6));

    [Fact]
    public void A_read_that_finds_nobody_after_a_sign_up_is_stale() => Check([Stale], First, Read(0, null, 5, 6));

    [Fact]
    public void A_read_older_than_an_earlier_read_is_stale() =>
        Check([Stale], First, Write("b", 2, 3, 20), Read(2, "b", 4, 5), Read(1, "a", 6, 7));

    [Fact]
    public void Versions_that_fall_in_real_time_are_out_of_order() => Check(
        [OutOfOrder], [Final(1, "a"), Final(2, "c"), Final(3, "b")], First, Write("b", 3, 3, 4), Write("c", 2, 5, 6));

    [Fact]
    public void A_final_history_that_does_not_rise_is_out_of_order() => Check(
        [OutOfOrder], [Final(2, "b"), Final(1, "a")], First, Write("b", 2, 3, 4));

    [Fact]
    public void A_read_of_what_nobody_wrote_is_a_ghost() => Check([Ghost], First, Read(2, "x", 3, 4));

    [Fact]
    public void A_read_from_the_future_is_a_ghost() =>
        // The write is out of order as well: version 2 was certain before it began.
        Check([OutOfOrder, Ghost], First, Read(2, "b", 3, 4), Write("b", 2, 5, 6));

    [Fact]
    public void A_refused_write_that_is_read_or_kept_is_a_ghost()
    {
        var refused = Write("b", 0, 3, 4) with { Outcome = OperationOutcome.Refused };
        Check([Ghost], [Final(1, "a")], First, refused, Read(2, "b", 5, 6));
        Check([Ghost], [Final(1, "a"), Final(2, "b")], First, refused);
        Check([], [Final(1, "a")], First, refused);
    }

    [Fact]
    public void An_unknown_write_may_have_happened_even_late_or_not()
    {
        var unknown = Write("b", 0, 3, 4) with { Outcome = OperationOutcome.Unknown };
        Check([], [Final(1, "a")], First, unknown, Read(1, "a", 9, 10));
        Check([], [Final(1, "a"), Final(2, "b")], First, unknown, Read(1, "a", 9, 10), Read(2, "b", 11, 12));
        Check([Stale], [Final(1, "a"), Final(2, "b")], First, unknown, Read(2, "b", 9, 10), Read(1, "a", 11, 12));
        Check([Ghost], [Final(1, "a")], First, unknown, Read(2, "b", 9, 10));
    }

    [Fact]
    public void A_write_that_was_applied_twice_is_a_duplicate() =>
        Check([Duplicate], [Final(1, "a"), Final(2, "b"), Final(3, "b")], First, Write("b", 2, 3, 4));

    [Fact]
    public void An_email_taken_twice_and_never_given_back_is_a_duplicate() =>
        Check([Duplicate], [Final(1, "a"), Final(1, "z") with { User = "v" }], First, Second(5, 6));

    [Fact]
    public void An_email_may_pass_on_when_giving_and_taking_overlap()
    {
        var release = Write("b", 2, 5, 9) with { Releases = "e" };
        FinalWrite[] final = [Final(1, "a"), Final(2, "b"), Final(1, "z") with { User = "v" }];
        Check([], final, First, release, Second(6, 7));
        Check([], final, First, release, Second(10, 11));
        Check([Duplicate], final, First, release, Second(3, 4));
    }

    [Fact]
    public void Two_owners_in_the_end_are_a_duplicate() => Assert.Equal(
        [Duplicate], HistoryChecker.Check(new History([], [], [new("e", "u"), new("e", "v"), new("f", "u")])).Findings.Select(f => f.Kind));

    [Fact]
    public void A_read_may_be_as_old_as_it_is_allowed_to_be_and_no_older()
    {
        Operation[] operations = [First, Write("b", 2, 3, 4), Read(1, "a", 9, 10)];
        Assert.Empty(AsOf(5, operations));
        Assert.Empty(AsOf(null, operations));
        Assert.Equal([Stale], AsOf(4, operations).Select(f => f.Kind));
    }

    [Fact]
    public void A_read_with_a_token_is_never_older_than_what_the_token_covers()
    {
        // v's write carried the token of u's, and so covers it.
        Operation[] writes = [First with { Token = "t1" }, Write("b", 2, 3, 4) with { Token = "t2" }, Second(5, 6) with { Sent = "t2", Token = "t3", Takes = null }];
        Assert.Empty(AsOf(null, [.. writes, Read(1, "a", 9, 10)]));
        Assert.Empty(AsOf(null, [.. writes, Read(1, "a", 9, 10) with { Sent = "t1" }]));
        Assert.Empty(AsOf(null, [.. writes, Read(2, "b", 9, 10) with { Sent = "t3" }]));
        foreach (var token in new[] { "t2", "t3" })
        {
            var read = Read(1, "a", 9, 10) with { Sent = token };
            var finding = Assert.Single(AsOf(null, [.. writes, read]));
            Assert.Equal((Stale, "u"), (finding.Kind, finding.User));
            Assert.Equal([read, writes[1]], finding.Evidence);
        }

        Assert.Equal([Stale], AsOf(null, [.. writes, Read(0, null, 9, 10) with { Sent = "t1" }]).Select(f => f.Kind));
    }

    [Fact]
    public void A_token_of_two_writes_covers_both()
    {
        Operation[] writes = [First with { Token = "t" }, Second(1, 3) with { Token = "t", Takes = null }];
        Assert.Equal([Stale], AsOf(null, [.. writes, Read(0, null, 9, 10) with { Sent = "t" }]).Select(f => f.Kind));
        Assert.Equal([Stale], AsOf(null, [.. writes, Read(0, null, 9, 10) with { Sent = "t", User = "v" }]).Select(f => f.Kind));
    }

    [Fact]
    public void A_token_of_two_writes_covers_only_what_was_answered_when_it_was_sent()
    {
        Operation[] writes = [First with { Token = "t" }, Second(1, 6) with { Token = "t", Takes = null }];
        Assert.Empty(AsOf(null, [.. writes, Read(0, null, 5, 10) with { Sent = "t", User = "v" }]));
        Assert.Equal([Stale], AsOf(null, [.. writes, Read(0, null, 7, 10) with { Sent = "t", User = "v" }]).Select(f => f.Kind));
        Assert.Equal([Stale], AsOf(null, [.. writes, Read(0, null, 5, 10) with { Sent = "t" }]).Select(f => f.Kind));
    }

    [Fact]
    public void Attempts_with_one_key_are_one_write()
    {
        var (first, again) = (Write("b", 0, 3, 4) with { Key = "k", Outcome = OperationOutcome.Unknown }, Write("b", 2, 6, 7) with { Key = "k" });
        Assert.Empty(AsOf(0, [First, first, again, again with { Invoked = 8, Answered = 9 }, Read(2, "b", 5, 6)]));
        Assert.Equal([Duplicate, Duplicate], HistoryChecker.Check(new History(
            [First, first, again, again with { Version = 3 }], [Final(1, "a"), Final(2, "b"), Final(3, "b")], [])).Findings.Select(f => f.Kind));
    }

    [Fact]
    public void An_unknown_write_is_told_of_and_how_it_ended()
    {
        var unknown = Write("b", 0, 3, 4) with { Outcome = OperationOutcome.Unknown };
        Assert.Contains("did not happen", Told(new History([First, unknown], [Final(1, "a")], [])), StringComparison.Ordinal);
        Assert.Contains("happened, as version 2", Told(new History([First, unknown], [Final(1, "a"), Final(2, "b")], [])), StringComparison.Ordinal);

        // Of a sign-up without an answer only the tag is known.
        var signUp = unknown with { User = string.Empty };
        Assert.Contains("happened, as version 1", Told(new History([signUp], [Final(1, "b")], [])), StringComparison.Ordinal);
        Assert.Contains("nobody was given", Told(new History([First, Read(1, "a", 3, 4) with { Sent = "?" }], [Final(1, "a")], [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_may_be_found_after_a_deletion_has_begun()
    {
        var deletion = Write("b", 2, 5, 8) with { Deletes = true };
        Assert.Empty(AsOf(0, [First, deletion, Read(1, "a", 6, 7), Read(0, null, 6, 9), Read(0, null, 10, 11)]));
        Assert.Equal([Stale], AsOf(0, [First, deletion, Read(0, null, 3, 4)]).Select(f => f.Kind));
        Assert.Equal([Stale], AsOf(0, [First, deletion, Read(1, "a", 9, 10)]).Select(f => f.Kind));
    }

    private static string Told(History history)
    {
        var verdict = HistoryChecker.Check(history);
        Assert.Empty(verdict.Findings);
        return Assert.Single(verdict.Unknown).Sentence;
    }

    private static IReadOnlyList<Finding> AsOf(long? staleness, Operation[] operations) =>
        HistoryChecker.Check(new History(operations, Written(operations), []) { Staleness = staleness }).Findings;

    private static Operation Write(string tag, long version, long invoked, long answered) => new()
    {
        User = "u",
        Kind = OperationKind.Write,
        Outcome = OperationOutcome.Done,
        Invoked = invoked,
        Answered = answered,
        Version = version,
        Tag = tag,
    };

    private static Operation Read(long version, string? tag, long invoked, long answered) =>
        Write(tag!, version, invoked, answered) with { Kind = OperationKind.Read };

    private static Operation Second(long invoked, long answered) =>
        Write("z", 1, invoked, answered) with { User = "v", Takes = "e" };

    private static FinalWrite Final(long version, string tag) => new("u", version, tag);

    /// <summary>With a final history of just the acknowledged writes.</summary>
    private static void Check(FindingKind[] expected, params Operation[] operations) => Check(
        expected,
        Written(operations),
        operations);

    private static FinalWrite[] Written(Operation[] operations) =>
    [
        .. operations.Where(o => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Done })
            .DistinctBy(o => (o.User, o.Version)).OrderBy(o => o.Version).Select(o => new FinalWrite(o.User, o.Version, o.Tag!)),
    ];

    private static void Check(FindingKind[] expected, FinalWrite[] final, params Operation[] operations)
    {
        // The order in which clients' logs are read must not matter.
        Assert.Equal(expected, HistoryChecker.Check(new History(operations, final, [])).Findings.Select(f => f.Kind));
        Assert.Equal(expected, HistoryChecker.Check(new History([.. operations.Reverse()], final, [])).Findings.Select(f => f.Kind));
    }
}
