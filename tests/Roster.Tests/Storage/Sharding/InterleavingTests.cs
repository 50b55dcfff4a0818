using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Users;
using Xunit;

namespace Roster.Tests.Storage.Sharding;

/// <summary>Random nodes at random moments: see <see cref="Interleaving"/>.</summary>
public sealed class InterleavingTests
{
    private const int Seeds = 1500;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 100_001)]
    public async Task However_calls_interleave_and_nodes_die_each_email_has_one_owner(int deathsPerThousand, int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + Seeds; seed++)
        {
            var town = new Town();
            List<UserId> users = [];
            for (var i = 0; i < 3; i++)
            {
                var made = await town.NewNode().RegisterAsync(town.Email(i));
                users.Add(Assert.IsType<WriteResult<User>.Done>(made).State.Id);
            }

            var interleaving = new Interleaving(seed);
            var random = new Random(seed);
            interleaving.Run(Enumerable.Range(0, 5).Select(_ => ClientOf(town, interleaving, users, random.Next())), deathsPerThousand);
            try
            {
                await town.CheckAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"After seed {seed}: {e.Message}", e);
            }
        }
    }

    private static Func<Task> ClientOf(Town town, Interleaving interleaving, List<UserId> users, int seed) => async () =>
    {
        var random = new Random(seed);
        var node = town.NewNode(interleaving.Between);
        for (var i = 0; i < 3; i++)
        {
            var user = users[random.Next(users.Count)];
            var email = town.Email(random.Next(3), random.Next(2));
            await (random.Next(10) switch
            {
                < 6 => node.MoveAsync(user, email),
                < 8 => node.RegisterAsync(email),
                8 => node.RenameAsync(user, $"Name {i}"),
                _ => node.DeleteAsync(user),
            });
        }
    };
}
