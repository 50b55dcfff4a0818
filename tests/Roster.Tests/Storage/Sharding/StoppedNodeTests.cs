using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Storage.Sharding;

/// <summary>A node stops at each step of changing an e-mail between shards, for ever or until others have been and gone.</summary>
public sealed class StoppedNodeTests
{
    private const int MoreThanAnySteps = 60;

    public static TheoryData<Move, Competitor, bool> Cases { get; } = new(
        from move in Enum.GetValues<Move>()
        from competitor in Enum.GetValues<Competitor>()
        from dies in new[] { false, true }
        select (move, competitor, dies));

    public enum Move
    {
        Away,
        Farther,
        Home,
        Delete,
    }

    public enum Competitor
    {
        Nobody,
        TakesTheNewEmail,
        TakesTheOldEmail,
        RenamesTheUser,
        MovesTheUserElsewhere,
        DeletesTheUser,
        MovesTheUserThereAndBack,
        Sweeps,
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task At_every_step_no_email_gets_two_owners_and_none_is_lost(Move move, Competitor competitor, bool dies)
    {
        for (var step = 0; await StopsAsync(step, move, competitor, dies); step++)
        {
            Assert.True(step < MoreThanAnySteps, "The change does not end.");
        }
    }

    [Theory]
    [InlineData(Move.Away)]
    [InlineData(Move.Farther)]
    [InlineData(Move.Home)]
    public async Task A_retry_with_the_same_key_has_one_effect_wherever_the_first_try_died(Move move)
    {
        for (var step = 0; ; step++)
        {
            var town = new Town();
            var (user, target, _) = await SettleInAsync(town, move);
            var point = new StoppingPoint(step);
            var first = town.NewNode(point.Before).MoveAsync(user, target, key: "k");
            var retried = Assert.IsType<WriteResult<User>.Done>(await town.NewNode().MoveAsync(user, target, key: "k"));
            Assert.Equal(target, retried.State.Email);
            Assert.Single((await town.HistoryAsync(user)).Select(e => e.What).OfType<EmailChanged>(), e => e.Email == target);
            await town.CheckAsync();
            if (first.IsCompleted)
            {
                break;
            }
        }
    }

    /// <summary>One run; false when the change ended before this step.</summary>
    private static async Task<bool> StopsAsync(int step, Move move, Competitor competitor, bool dies)
    {
        var town = new Town();
        var (user, target, old) = await SettleInAsync(town, move);
        var point = new StoppingPoint(step);
        var node = town.NewNode(point.Before);
        var change = move == Move.Delete ? node.DeleteAsync(user) : node.MoveAsync(user, target);
        var stopped = !change.IsCompleted;
        await CompeteAsync(town, competitor, user, target, old);
        if (stopped && !dies)
        {
            point.Resume();
        }

        if (!stopped || !dies)
        {
            await AssertToldTheTruthAsync(town, await change, user, move, target);
        }

        await town.CheckAsync();
        return stopped;
    }

    private static async Task<(UserId User, string Target, string Old)> SettleInAsync(Town town, Move move)
    {
        var node = town.NewNode();
        var home = town.Email(0);
        var user = Assert.IsType<WriteResult<User>.Done>(await node.RegisterAsync(home)).State.Id;
        if (move == Move.Away)
        {
            return (user, town.Email(1), home);
        }

        Assert.IsType<WriteResult<User>.Done>(await node.MoveAsync(user, town.Email(1)));
        return (user, move == Move.Home ? home : town.Email(2), town.Email(1));
    }

    private static async Task CompeteAsync(Town town, Competitor competitor, UserId user, string target, string old)
    {
        var other = town.NewNode();
        await (competitor switch
        {
            Competitor.TakesTheNewEmail => TakeAsync(target),
            Competitor.TakesTheOldEmail => TakeAsync(old),
            Competitor.RenamesTheUser => other.RenameAsync(user, "Renamed"),
            Competitor.MovesTheUserElsewhere => other.MoveAsync(user, town.Email(2, 5)),
            Competitor.DeletesTheUser => other.DeleteAsync(user),
            Competitor.MovesTheUserThereAndBack => ThereAndBackAsync(),
            Competitor.Sweeps => town.CheckAsync(),
            _ => Task.CompletedTask,
        });

        async Task TakeAsync(string email)
        {
            if (await other.RegisterAsync(email) is not WriteResult<User>.Done)
            {
                Assert.True(await town.OwnerAsync(email) is not null, "An e-mail that nobody has was refused.");
            }
        }

        async Task ThereAndBackAsync()
        {
            await other.MoveAsync(user, target);
            await other.MoveAsync(user, old);
        }
    }

    private static async Task AssertToldTheTruthAsync(
        Town town, WriteResult<User> result, UserId user, Move move, string target)
    {
        var happened = (await town.HistoryAsync(user)).Any(
            e => move == Move.Delete ? e.What is UserDeleted : e.What is EmailChanged changed && changed.Email == target);
        switch (result)
        {
            case WriteResult<User>.Done:
                Assert.True(happened);
                break;
            case WriteResult<User>.EmailTaken:
                Assert.NotEqual(user, await town.OwnerAsync(target));
                break;
            default:
                Assert.IsType<WriteResult<User>.NotFound>(result);
                break;
        }
    }
}
