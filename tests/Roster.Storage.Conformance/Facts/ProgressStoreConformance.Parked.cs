using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class ProgressStoreConformance
{
    private static readonly long[] Steps = [1, 2, 10];

    [Fact]
    public async Task Parked_events_are_kept_whole_and_listed_in_order_page_by_page()
    {
        UserId[] users = [NewUser("ada"), NewUser("bob"), NewUser("eve")];
        List<ParkedEvent> all = [.. from consumer in "ab" from user in users.Order() from n in Steps select Parked($"{consumer}", user, n)];
        await Progress.ParkAsync([.. all.AsEnumerable().Reverse()], Cancel);

        Assert.Equal(all.Select(Shown), await PagesAsync(new ParkedQuery { Limit = 4 }));
        Assert.Equal(all[9..].Select(Shown), await PagesAsync(new ParkedQuery { Consumer = "b", Limit = 2 }));
        Assert.Equal(all[9..12].Select(Shown), await PagesAsync(new ParkedQuery { Consumer = "b", User = users.Min(), Limit = 2 }));
        Assert.Empty(await PagesAsync(new ParkedQuery { Consumer = "c", Limit = 2 }));
        Assert.Equal(9, await Progress.CountParkedAsync("a", Cancel));
        Assert.Equal(0, await Progress.CountParkedAsync("c", Cancel));

        // Only the first of a user has a time of its own.
        static object Shown(ParkedEvent p) => Flat(p.Event.Sequence == 1 ? p : p with { NextAttempt = null });
    }

    [Fact]
    [Proves("One that is parked already must stay as it is.")]
    public async Task What_is_parked_twice_is_parked_once()
    {
        var first = Parked("c", NewUser("ada"), 3);
        await Progress.ParkAsync([first], Cancel);
        await Progress.ParkAsync([first with { Reason = "Another.", Attempts = 7, NextAttempt = null }], Cancel);
        Assert.Equal([Flat(first)], await PagesAsync(new ParkedQuery { Limit = 9 }));
    }

    [Fact]
    public async Task A_user_is_parked_for_one_consumer_until_its_last_event_is_released()
    {
        UserId ada = NewUser("ada"), bob = NewUser("bob");
        await Progress.ParkAsync([Parked("c", ada, 3), Parked("c", ada, 4)], Cancel);
        Assert.Equal([new(0, false), new(0, true)], await Progress.ProgressAsync("c", [bob, ada], Cancel));
        Assert.Equal([new(0, false)], await Progress.ProgressAsync("d", [ada], Cancel));
        await Progress.ReleaseAsync(Parked("c", ada, 3), Noon, Cancel);
        Assert.Equal([new(3, true)], await Progress.ProgressAsync("c", [ada], Cancel));
        await Progress.ReleaseAsync(Parked("c", ada, 4), Noon, Cancel);
        Assert.Equal([new(4, false)], await Progress.ProgressAsync("c", [ada], Cancel));
    }

    [Fact]
    public async Task A_user_is_due_when_its_first_event_is_and_never_when_a_person_decides()
    {
        UserId ada = NewUser("ada"), bob = NewUser("bob"), eve = NewUser("eve");
        await Progress.ParkAsync(
            [
                Parked("c", ada, 3) with { NextAttempt = Noon.AddSeconds(2) },
                Parked("c", ada, 4) with { NextAttempt = Noon.AddSeconds(-9) },
                Parked("c", bob, 1) with { NextAttempt = Noon.AddSeconds(1) },
                Parked("c", eve, 1) with { NextAttempt = null },
                Parked("d", eve, 1),
            ],
            Cancel);
        Assert.Empty(await DueAsync(0));
        Assert.Equal([bob], await DueAsync(1));
        Assert.Equal([bob, ada], await DueAsync(99));
        Assert.Equal([bob], await Progress.DueAsync("c", Noon.AddSeconds(99), 1, Cancel));

        Assert.Equal(1, await Progress.RetryParkedAsync("c", eve, Noon, Cancel));
        Assert.Equal([eve], await DueAsync(0));
        Assert.Equal(3, await Progress.RetryParkedAsync("c", null, Noon, Cancel));
        Assert.Equal(3, (await DueAsync(0)).Count);
        Assert.Equal(0, await Progress.RetryParkedAsync("c", NewUser("nobody"), Noon, Cancel));
        Assert.Empty(await Progress.DueAsync("d", Noon, 9, Cancel));
    }

    [Fact]
    public async Task A_failed_attempt_is_remembered_and_puts_the_next_one_off()
    {
        var ada = NewUser("ada");
        var parked = Parked("c", ada, 3);
        await Progress.ParkAsync([parked, Parked("c", ada, 4)], Cancel);
        var tried = parked with { Attempts = 2, Reason = "Still not.", NextAttempt = Noon.AddHours(1) };
        Assert.True(await Progress.PostponeAsync(tried, Cancel));
        Assert.Empty(await DueAsync(3599));
        Assert.Equal([ada], await DueAsync(3600));
        Assert.Equal([Flat(tried), Flat(Parked("c", ada, 4) with { NextAttempt = null })], await PagesAsync(new ParkedQuery { Limit = 9 }));

        Assert.False(await Progress.PostponeAsync(Parked("c", ada, 9) with { NextAttempt = Noon.AddYears(1) }, Cancel));
        Assert.False(await Progress.PostponeAsync(Parked("c", NewUser("bob"), 3), Cancel));
        Assert.Equal([ada], await DueAsync(3600));
    }

    [Fact]
    [Proves("Removes a parked event and remembers its effect, both or neither; the user's next one must be due at once.")]
    public async Task A_released_event_has_its_effect_and_the_next_one_is_due()
    {
        var ada = NewUser("ada");
        await Progress.ParkAsync([Parked("c", ada, 3) with { NextAttempt = null }, Parked("c", ada, 4), Parked("c", ada, 5)], Cancel);
        await Progress.ReleaseAsync(Parked("c", ada, 3), Noon, Cancel);
        Assert.Equal([ada], await DueAsync(0));
        Assert.Equal([3], await DoneAsync("c", ada));
        Assert.Equal([(4L, (DateTimeOffset?)Noon), (5, null)], (await Progress.ParkedAsync(new ParkedQuery { Limit = 9 }, Cancel)).Select(p => (p.Event.Sequence, p.NextAttempt)));

        // Somebody was faster: it happens twice, and changes nothing.
        await Progress.ReleaseAsync(Parked("c", ada, 3), Noon, Cancel);
        Assert.Equal([new(3, true)], await Progress.ProgressAsync("c", [ada], Cancel));
    }

    [Fact]
    public async Task Who_parks_behind_an_event_that_is_being_released_is_never_left_waiting()
    {
        for (var round = 0; round < 50; round++)
        {
            var ada = NewUser($"ada{round}");
            await Progress.ParkAsync([Parked("c", ada, 1) with { NextAttempt = null }], Cancel);
            await Task.WhenAll(
                Task.Run(async () => await Progress.ReleaseAsync(Parked("c", ada, 1), Noon, Cancel)),
                Task.Run(async () => await Progress.ParkAsync([Parked("c", ada, 2) with { NextAttempt = Noon }], Cancel)));
            Assert.Contains(ada, await Progress.DueAsync("c", Noon, 99, Cancel));
            await Progress.ReleaseAsync(Parked("c", ada, 2), Noon, Cancel);
        }

        Assert.Empty(await Progress.DueAsync("c", Noon, 99, Cancel));
    }

    private async Task<IReadOnlyList<UserId>> DueAsync(int seconds) => await Progress.DueAsync("c", Noon.AddSeconds(seconds), 9, Cancel);

    private async Task<List<object>> PagesAsync(ParkedQuery query)
    {
        var all = new List<object>();
        while (await Progress.ParkedAsync(query, Cancel) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= query.Limit);
            all.AddRange(page.Select(Flat));
            query = query with { After = new ParkedKey(page[^1].Consumer, page[^1].Event.User, page[^1].Event.Sequence) };
        }

        return all;
    }

    private static object Flat(ParkedEvent p) => (
        p.Consumer, p.Event.User, p.Event.Sequence, p.Event.Type, Convert.ToHexString(p.Event.Json.Span), p.Reason, (p.Attempts, p.Since, p.NextAttempt));
}
