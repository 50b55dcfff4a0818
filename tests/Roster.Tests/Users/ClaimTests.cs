using Roster.Core.Requests;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

/// <summary>Who owns an e-mail after each use case.</summary>
public sealed class ClaimTests
{
    private readonly UseCases users = new();

    [Fact]
    public async Task Another_spelling_of_an_e_mail_keeps_its_claim()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var moved = UseCases.StateOf(await users.MoveAsync(ada, "ADA@Example.COM"));
        Assert.Equal("ADA@Example.COM", moved.Email);
        Assert.Empty(users.Store.Sent[^1].Claims);
        Assert.Equal(moved, await users.OwnerOfAsync("ada@example.com"));
        Assert.IsType<WriteResult<User>.EmailTaken>(
            await users.Register.HandleAsync(new("Eve", "Ada@example.com", null), UseCases.Key, null, UseCases.Cancellation));
    }

    [Fact]
    public async Task A_new_e_mail_is_claimed_and_the_old_one_free()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await users.MoveAsync(ada, "ada@example.org");
        Assert.Null(await users.OwnerOfAsync("ada@example.com"));
        Assert.Equal(ada.Id, (await users.OwnerOfAsync("ada@example.org"))?.Id);
        Assert.NotEqual(ada.Id, (await users.SignUpAsync("Eve", "ada@example.com")).Id);
    }

    [Fact]
    public async Task Another_users_e_mail_is_refused_and_nothing_changes()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        var eve = await users.SignUpAsync("Eve", "eve@example.com");
        Assert.IsType<WriteResult<User>.EmailTaken>(await users.Change.HandleAsync(
            eve.Id, new() { Name = "Ada", Email = "ADA@example.com" }, UseCases.Key, null, UseCases.Cancellation));
        Assert.Equal(eve, await users.NowAsync(eve));
        Assert.Equal(ada, await users.OwnerOfAsync("ada@example.com"));
        Assert.Equal(eve, await users.OwnerOfAsync("eve@example.com"));
    }

    [Fact]
    public async Task A_deleted_users_e_mail_is_free_even_when_it_had_changed()
    {
        var ada = await users.SignUpAsync("Ada", "ada@example.com");
        await users.MoveAsync(ada, "ada@example.org");
        await users.Delete.HandleAsync(ada.Id, null, UseCases.Key, null, UseCases.Cancellation);
        Assert.Null(await users.OwnerOfAsync("ada@example.org"));
        Assert.NotEqual(ada.Id, (await users.SignUpAsync("Ada", "ada@example.org")).Id);
        Assert.Equal(UserStatus.Deleted, (await users.NowAsync(ada)).Status);
    }
}
