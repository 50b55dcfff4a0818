using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Users;

public sealed class RegisterUserTests
{
    private readonly UseCases users = new();

    [Fact]
    public async Task A_new_user_lives_in_the_bucket_of_its_e_mail()
    {
        var ada = await users.SignUpAsync("Ada", " Ada@Example.com ");
        Assert.Equal(users.Placement.BucketOf(TenantId.Default, "ada@example.com"), ada.Id.Bucket);
        Assert.Equal(("Ada", "Ada@Example.com", "ada@example.com", 1L, 1L), (ada.Name, ada.Email, ada.EmailKey, ada.Version, ada.Sequence));
        Assert.Equal(ada, UserFold.Fold(await users.EventsAsync(ada), TenantId.Default));
        Assert.Equal(0, users.Store.OutcomesLookedUp);
    }

    [Fact]
    public async Task A_taken_e_mail_is_refused_in_any_spelling()
    {
        await users.SignUpAsync("Ada", "ada@example.com");
        Assert.IsType<WriteResult<User>.EmailTaken>(await RegisterAsync("Eve", "ADA@EXAMPLE.com", null));
    }

    [Fact]
    public async Task A_repeated_sign_up_gets_the_first_answer_even_after_later_changes()
    {
        var first = UseCases.StateOf(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k")));
        await users.RenameAsync(first, "Countess");
        var again = Assert.IsType<WriteResult<User>.Done>(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k")));
        Assert.True(again.Replayed);
        Assert.Equal(first, again.State);
    }

    [Fact]
    public async Task A_repeated_sign_up_is_replayed_after_the_user_changed_its_e_mail_or_went()
    {
        var first = UseCases.StateOf(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k")));
        await users.MoveAsync(first, "ada@example.org");
        Assert.Equal(first, UseCases.StateOf(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k"))));
        await users.Delete.HandleAsync(first.Id, null, UseCases.Key, null, UseCases.Cancellation);
        Assert.Equal(first, UseCases.StateOf(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k"))));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k", "1"));
        Assert.IsType<WriteResult<User>.KeyReused>(await RegisterAsync("Eve", "ada@example.com", UseCases.KeyOf("k", "2")));
    }

    [Fact]
    public async Task The_same_key_of_another_caller_is_another_key()
    {
        await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k"));
        Assert.IsType<WriteResult<User>.EmailTaken>(await users.Register.HandleAsync(
            new("Ada", "ada@example.com", null), UseCases.Key with { Actor = "key:rival" }, UseCases.KeyOf("k"), UseCases.Cancellation));
    }

    [Fact]
    public async Task Sign_ups_that_race_under_one_key_make_one_user()
    {
        users.Store.Before = async attempt =>
        {
            if (attempt == 1)
            {
                await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k"));
            }
        };
        var slow = Assert.IsType<WriteResult<User>.Done>(await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k")));
        Assert.True(slow.Replayed);
        Assert.Equal(await users.OwnerOfAsync("ada@example.com"), slow.State);
    }

    [Theory]
    [InlineData(ChangeOutcome.Stale)]
    [InlineData(ChangeOutcome.KeyUsed)]
    public async Task A_sign_up_that_never_gets_through_ends_in_a_sentence(ChangeOutcome outcome)
    {
        users.Store.Always = outcome;
        users.Store.Before = attempt => attempt < 10_000 ? Task.CompletedTask : throw new TimeoutException("It goes on for ever.");
        await Assert.ThrowsAsync<StoreBusyException>(async () => await RegisterAsync("Ada", "ada@example.com", UseCases.KeyOf("k")));
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once_and_nothing_is_sent()
    {
        var invalid = Assert.IsType<WriteResult<User>.Invalid>(await RegisterAsync(null, "nobody", null));
        Assert.Equal("email must be an e-mail address such as name@example.com; name is missing", invalid.Errors.ToString());
        Assert.Empty(users.Store.Sent);
    }

    private ValueTask<WriteResult<User>> RegisterAsync(string? name, string? email, IdempotencyKey? key) =>
        users.Register.HandleAsync(new(name, email, null), UseCases.Key, key, UseCases.Cancellation);
}
