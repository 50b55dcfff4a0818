using Roster.Storage.Conformance.Histories;
using Xunit;
using static Roster.Storage.Conformance.Histories.FindingKind;

namespace Roster.Tests.Storage;

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
        [Duplicate], HistoryChecker.Check([], [], [new("e", "u"), new("e", "v"), new("f", "u")]).Select(f => f.Kind));

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
        [.. operations.Where(o => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Done }).OrderBy(o => o.Version).Select(o => Final(o.Version, o.Tag!))],
        operations);

    private static void Check(FindingKind[] expected, FinalWrite[] final, params Operation[] operations)
    {
        // The order in which clients' logs are read must not matter.
        Assert.Equal(expected, HistoryChecker.Check(operations, final, []).Select(f => f.Kind));
        Assert.Equal(expected, HistoryChecker.Check([.. operations.Reverse()], final, []).Select(f => f.Kind));
    }
}
