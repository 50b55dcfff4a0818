using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

public sealed class UserWriterTests
{
    private readonly UseCases users = new();

    [Fact]
    public async Task A_lost_race_is_decided_again_on_the_newer_state_and_succeeds()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var rival = new UserWriter(users.Memory, new WriteLoop(users.Memory), users.Placement, new(new(users.Time), users.Time), new(users.Memory), users.Time);
        users.Store.Sent.Clear();
        users.Store.Before = async attempt =>
        {
            if (attempt <= 3)
            {
                await rival.ChangeAsync(
                    ada.Id, UseCases.Key, null, 200, _ => UserWriter.Decision.Of(new ProfileChanged($"rival {attempt}", null)), UseCases.Cancellation);
            }
        };
        var moved = UseCases.StateOf(await users.MoveAsync(ada, "ada@example.org"));
        Assert.Equal(("rival 3", "ada@example.org", 5L, 5L), (moved.Name, moved.Email, moved.Version, moved.Sequence));
        Assert.Equal(4, users.Store.Sent.Count);
        Assert.Equal(moved, UserFold.Fold(await users.EventsAsync(ada), ada.Tenant));
        Assert.Equal(moved, await users.NowAsync(ada));
    }

    [Fact]
    public async Task A_stale_version_is_noticed_after_a_lost_race()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        users.Store.Before = async attempt =>
        {
            if (attempt == 2)
            {
                await users.RenameAsync(ada, "rival");
            }
        };
        var result = await users.Change.HandleAsync(
            ada.Id, new() { Name = "Ada L.", Accepts = version => version == 1 }, UseCases.Key, null, UseCases.Cancellation);
        Assert.Equal(new WriteResult<User>.VersionMismatch(2), result);
    }

    [Fact]
    public async Task Endless_contention_ends_in_a_sentence()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        users.Store.Always = ChangeOutcome.Stale;
        await Assert.ThrowsAsync<StoreBusyException>(async () => await users.RenameAsync(ada, "Ada L."));
        Assert.Equal(ada, await users.NowAsync(ada));
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_even_after_later_changes()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var first = UseCases.StateOf(await users.RenameAsync(ada, "Ada L.", UseCases.KeyOf("k")));
        await users.RenameAsync(ada, "Countess");
        var again = Assert.IsType<WriteResult<User>.Done>(await users.RenameAsync(ada, "Ada L.", UseCases.KeyOf("k")));
        Assert.True(again.Replayed);
        Assert.Equal(first, again.State);
        Assert.Equal("Countess", (await users.NowAsync(ada)).Name);
        Assert.Equal(3, (await users.EventsAsync(ada)).Count);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await users.RenameAsync(ada, "Ada L.", UseCases.KeyOf("k", "1"));
        Assert.IsType<WriteResult<User>.KeyReused>(await users.RenameAsync(ada, "Countess", UseCases.KeyOf("k", "2")));
        Assert.Equal("Ada L.", (await users.NowAsync(ada)).Name);
    }

    [Fact]
    public async Task A_request_that_changes_nothing_is_recorded_when_it_has_a_key()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var nothing = await users.RenameAsync(ada, "Ada", UseCases.KeyOf("k"));
        Assert.Equal(ada, UseCases.StateOf(nothing));
        Assert.Null(users.Store.Sent[^1].Next);
        await users.RenameAsync(ada, "Countess");
        var again = Assert.IsType<WriteResult<User>.Done>(await users.RenameAsync(ada, "Ada", UseCases.KeyOf("k")));
        Assert.Equal((true, "Ada"), (again.Replayed, again.State.Name));
        Assert.Equal("Countess", (await users.NowAsync(ada)).Name);
    }

    [Fact]
    public async Task A_request_that_changes_nothing_writes_nothing_without_a_key()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        Assert.Equal(ada, UseCases.StateOf(await users.RenameAsync(ada, "Ada")));
        Assert.Single(users.Store.Sent);
    }

    [Fact]
    public async Task A_repeated_deletion_gets_the_first_answer_and_a_new_one_finds_nobody()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, UseCases.KeyOf("k"), UseCases.Cancellation);
        var again = await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, UseCases.KeyOf("k"), UseCases.Cancellation);
        Assert.True(Assert.IsType<WriteResult<User>.Done>(again).Replayed);
        Assert.IsType<WriteResult<User>.NotFound>(
            await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, UseCases.KeyOf("other"), UseCases.Cancellation));
    }

    [Fact]
    public async Task Another_tenants_user_is_not_found()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        Assert.IsType<WriteResult<User>.NotFound>(
            await users.Suspend.SuspendAsync(ada.Id, UseCases.Stranger, null, UseCases.Cancellation));
        Assert.Equal(ada, await users.NowAsync(ada));
    }

    [Fact]
    public async Task Suspending_and_reactivating_are_one_event_each()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await users.Suspend.SuspendAsync(ada.Id, UseCases.Key, null, UseCases.Cancellation);
        await users.Suspend.SuspendAsync(ada.Id, UseCases.Key, null, UseCases.Cancellation);
        await users.Suspend.ReactivateAsync(ada.Id, UseCases.Key, null, UseCases.Cancellation);
        Assert.Equal([new Suspended(), new Reactivated()], (await users.EventsAsync(ada)).Skip(1).Select(e => e.What));
    }
}
