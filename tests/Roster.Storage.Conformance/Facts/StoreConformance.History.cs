using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_history_is_the_events_as_committed_oldest_first_in_pages()
    {
        var changes = new List<Change> { Changes.Register("Ada", "ada@example.org") };
        changes.Add(Changes.RenameAndChangeEmail(changes[^1].Next!, "Ada L.", "lovelace@example.org"));
        changes.Add(Changes.Publish(changes[^1].Next!, "Hello"));
        changes.Add(Changes.Delete(changes[^1].Next!));
        foreach (var change in changes)
        {
            await CommitAsync(change);
        }

        var ada = changes[0].User;
        var events = changes.SelectMany(c => c.Events).ToList();
        Assert.Equal(events, await Store.HistoryAsync(ada, 0, 100, Any, Cancel));
        Assert.Equal(events.Take(2), await Store.HistoryAsync(ada, 0, 2, Any, Cancel));
        Assert.Equal(events.Skip(2).Take(2), await Store.HistoryAsync(ada, 2, 2, Any, Cancel));
        Assert.Empty(await Store.HistoryAsync(ada, events.Count, 10, Any, Cancel));
        Assert.Empty(await Store.HistoryAsync(Changes.NewUserId("nobody@example.org"), 0, 10, Any, Cancel));
        Assert.Equal(changes[^1].Next, UserFold.Fold(events, changes[0].Next!.Tenant));
    }

    [Fact]
    public async Task A_past_state_is_found_by_its_version()
    {
        var states = await LifeAsync();
        foreach (var state in states)
        {
            AssertPast(state, await PastAsync(states[0], PastState.OfVersion(state.Version)));
        }

        Assert.Null(await PastAsync(states[0], PastState.OfVersion(0)));
        Assert.Null(await PastAsync(states[0], PastState.OfVersion(states[^1].Version + 1)));
        Assert.Null(await PastAsync(states[0] with { Id = Changes.NewUserId("nobody@example.org") }, PastState.OfVersion(1)));
    }

    [Fact]
    public async Task A_past_state_is_found_by_a_time_on_and_between_events()
    {
        var states = await LifeAsync();
        Assert.Null(await PastAsync(states[0], PastState.AtTime(states[0].UpdatedAt.AddMicroseconds(-1))));
        foreach (var (state, next) in states.Zip(states.Skip(1).Append(null)))
        {
            AssertPast(state, await PastAsync(state, PastState.AtTime(state.UpdatedAt)));
            AssertPast(state, await PastAsync(state, PastState.AtTime(state.UpdatedAt.AddMicroseconds(1))));
            var last = next?.UpdatedAt.AddMicroseconds(-1) ?? state.UpdatedAt.AddYears(100);
            AssertPast(state, await PastAsync(state, PastState.AtTime(last)));
        }
    }

    [Fact]
    public async Task A_change_with_two_events_is_one_version_and_one_time()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var change = Changes.RenameAndChangeEmail(ada, "Ada L.", "lovelace@example.org");
        var now = await CommitAsync(change);
        Assert.Equal((2, 3), (now.Version, now.Sequence));
        AssertPast(now, await PastAsync(ada, PastState.OfVersion(2)));
        AssertPast(now, await PastAsync(ada, PastState.AtTime(now.UpdatedAt)));
        AssertPast(ada, await PastAsync(ada, PastState.AtTime(now.UpdatedAt.AddMicroseconds(-1))));
        Assert.Null(await PastAsync(ada, PastState.OfVersion(3)));
    }

    [Fact]
    public async Task Posts_events_are_no_profile_versions()
    {
        var ada = await RegisterAsync("Ada");
        (var author, var post) = await PublishAsync(ada, "One");
        var edit = Changes.Edit(author, post, "Two");
        author = await CommitAsync(edit);
        author = await CommitAsync(Changes.Edit(author, edit.Posts[0].Next!, "Three"));
        Assert.Null(await PastAsync(ada, PastState.OfVersion(2)));
        Assert.Null(await PastAsync(ada, PastState.OfVersion(3)));
        AssertPast(ada, await PastAsync(ada, PastState.OfVersion(1)));
        AssertPast(ada, await PastAsync(ada, PastState.AtTime(author.LastEventAt)));
        var renamed = await CommitAsync(Changes.Rename(author, "Ada L."));
        AssertPast(renamed, await PastAsync(ada, PastState.OfVersion(2)));
    }

    [Fact]
    public async Task A_past_state_carries_its_body_and_position()
    {
        var change = Changes.Register("Ada", "ada@example.org");
        var position = (await TryAsync(change)).AsOf.Positions[0];
        var later = (await TryAsync(Changes.Rename(change.Next!, "Ada L."))).AsOf;
        var past = await Store.PastStateAsync(change.User, PastState.OfVersion(1), later, Cancel);
        Assert.Equal(SuiteEncoders.All.User(change.Next!).ToArray(), past!.Body.ToArray());
        Assert.True(past.AsOf.Value >= position.Value);
    }

    /// <summary>Every state of a profile from sign-up to deletion, with posts in between.</summary>
    private async Task<List<User>> LifeAsync()
    {
        var states = new List<User> { await RegisterAsync("Ada", "ada@example.org") };
        states.Add(await CommitAsync(Changes.RenameAndChangeEmail(states[^1], "Ada L.", "lovelace@example.org")));
        var (author, _) = await PublishAsync(states[^1], "Hello");
        states.Add(await CommitAsync(Changes.SetAttributes(author, """{"a":1}""")));
        states.Add(await CommitAsync(Changes.Suspend(states[^1])));
        states.Add(await CommitAsync(Changes.Delete(states[^1])));
        return states;
    }

    private async Task<User?> PastAsync(User user, PastState when) =>
        (await Store.PastStateAsync(user.Id, when, Any, Cancel))?.State;

    /// <summary>Sequence and time of the last event may leave posts out (see <see cref="IStore.PastStateAsync"/>).</summary>
    private static void AssertPast(User expected, User? past) => Assert.Equal(
        expected with { Sequence = 0, LastEventAt = default },
        past is null ? null : past with { Sequence = 0, LastEventAt = default });
}
