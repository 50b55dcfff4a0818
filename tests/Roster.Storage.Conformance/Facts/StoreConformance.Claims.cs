using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    [Proves("A change must be refused when its idempotency record exists, when its user's sequence or intent is not the expected one, or when a claim it takes is another user's: in this order.")]
    public async Task An_email_has_one_owner()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var bob = await RegisterAsync("Bob", "bob@example.org");
        var signUp = Changes.Register("Other", "ada@example.org");
        var move = Changes.RenameAndChangeEmail(bob, "Bobby", "ada@example.org").WithKey("move");
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(signUp)).Outcome);
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(move)).Outcome);
        Assert.Equal(ada, await OwnerAsync("ada@example.org"));
        Assert.Equal(bob, await OwnerAsync("bob@example.org"));
        Assert.Null(await FindAsync(signUp.User));
        Assert.Equal(bob, await FindAsync(bob.Id));
        await AssertNothingOfAsync(move);
    }

    [Fact]
    public async Task A_changed_email_is_taken_and_the_old_one_is_free()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        ada = await CommitAsync(Changes.ChangeEmail(ada, "lovelace@example.org"));
        Assert.Equal(ada, await OwnerAsync("lovelace@example.org"));
        Assert.Null(await OwnerAsync("ada@example.org"));
        var next = await RegisterAsync("Next", "ada@example.org");
        Assert.Equal(next, await OwnerAsync("ada@example.org"));
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(Changes.ChangeEmail(ada, "ada@example.org"))).Outcome);
    }

    [Fact]
    public async Task A_user_may_take_its_own_email_again()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var change = Changes.Rename(ada, "Ada L.") with { Claims = [new(Changes.ClaimOf("ada@example.org"), Take: true)] };
        Assert.Equal(await CommitAsync(change), await OwnerAsync("ada@example.org"));
    }

    [Fact]
    public async Task Giving_back_an_email_of_somebody_else_leaves_it_there()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var bob = await RegisterAsync("Bob", "bob@example.org");
        await CommitAsync(Changes.Rename(bob, "Robert") with { Claims = [new(Changes.ClaimOf("ada@example.org"), Take: false)] });
        Assert.Equal(ada, await OwnerAsync("ada@example.org"));
    }

    [Fact]
    public async Task A_deleted_users_email_is_free_for_another()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        await CommitAsync(Changes.Delete(ada));
        Assert.Null(await OwnerAsync("ada@example.org"));
        Assert.Equal(await RegisterAsync("New", "ada@example.org"), await OwnerAsync("ada@example.org"));
    }

    [Fact]
    public async Task Of_two_changes_in_a_batch_that_take_one_email_exactly_one_commits()
    {
        var one = Changes.Register("One", "one@example.org");
        var two = Changes.Register("Two", "one@example.org");
        var results = await Store.CommitAsync([one, two], Cancel);
        Assert.Equal(
            [ChangeOutcome.Committed, ChangeOutcome.EmailTaken], results.Select(r => r.Outcome).Order());
        var winner = results[0].Outcome == ChangeOutcome.Committed ? one : two;
        Assert.Equal(winner.Next, await OwnerAsync("one@example.org"));
        await AssertNothingOfAsync(winner == one ? two : one);
    }

    [Fact]
    public async Task Tenants_may_each_use_one_email()
    {
        var here = await RegisterAsync("Here", "ada@example.org");
        var elsewhere = new TenantId("elsewhere");
        var there = await CommitAsync(Changes.Register("There", "ada@example.org", elsewhere));
        Assert.Equal(here, await OwnerAsync("ada@example.org"));
        var found = await Store.UserByEmailAsync(Changes.ClaimOf("ada@example.org", elsewhere), Any, Cancel);
        Assert.Equal(there, found?.State);
    }
}
