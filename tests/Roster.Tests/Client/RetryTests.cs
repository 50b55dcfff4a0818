using Roster.Client;
using Roster.Tests.Api;
using Xunit;
using static Roster.Tests.Client.FaultyHandler.Fault;

namespace Roster.Tests.Client;

/// <summary>What the client does when the network or the server fails, over a real server.</summary>
public sealed class RetryTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly RosterClientOptions Quick = new() { FirstPause = TimeSpan.FromMilliseconds(1) };

    [Fact]
    public async Task A_write_whose_answers_are_lost_happens_once()
    {
        using var network = new FaultyHandler(AnswerLost, RequestLost, Unavailable, TooMany, AnswerLost);
        using var client = Over(network);

        var user = await client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail()));
        Assert.Equal(1, user.Version);
        Assert.Equal(6, network.Sent.Count);
        Assert.Single(network.Sent.Select(headers => headers["Idempotency-Key"]).Distinct());
    }

    [Fact]
    public async Task Every_write_has_a_key_of_its_own()
    {
        using var network = new FaultyHandler();
        using var client = Over(network);
        var user = await client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail()));
        await client.ChangeUserAsync(user.Id, new UserPatch { Name = "B" });
        await client.SuspendUserAsync(user.Id);
        await client.DeleteUserAsync(user.Id, idempotencyKey: "mine");
        Assert.Equal(4, network.Sent.Select(headers => headers["Idempotency-Key"]).Distinct().Count());
        Assert.Equal("mine", network.Sent[^1]["Idempotency-Key"]);
    }

    [Fact]
    public async Task Patience_ends()
    {
        using var network = new FaultyHandler([.. Enumerable.Repeat(RequestLost, 50)]);
        using var client = Over(network, Quick with { Patience = TimeSpan.Zero });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetHealthAsync());
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task What_has_no_key_is_not_sent_again_when_it_may_have_happened()
    {
        using var lost = new FaultyHandler(AnswerLost);
        using var client = Over(lost);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.CreateKeyAsync(new NewKey("k", ["users:read"])));
        Assert.Single(lost.Sent);

        using var busy = new FaultyHandler(TooMany);
        using var again = Over(busy);
        await again.CreateKeyAsync(new NewKey("k", ["users:read"]));
        Assert.Equal(2, busy.Sent.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_repeated()
    {
        using var network = new FaultyHandler();
        using var client = Over(network);
        await Assert.ThrowsAsync<RosterException>(() => client.RegisterUserAsync(new NewUser("", "")));
        Assert.Single(network.Sent);
    }

    [Fact]
    public async Task Reads_carry_what_was_written_also_by_writes_side_by_side()
    {
        using var network = new FaultyHandler();
        using var client = Over(network);
        var users = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail()))));
        await client.GetUserAsync(users[0].Id);
        Assert.Matches("^[A-Za-z0-9_-]+(,[A-Za-z0-9_-]+)*$", network.Sent[^1]["Consistency-Token"]);
        await client.SuspendUserAsync(users[0].Id);
        await client.GetUserAsync(users[0].Id);
        Assert.DoesNotContain(',', network.Sent[^1]["Consistency-Token"]);

        using var without = new FaultyHandler();
        using var careless = Over(without, Quick with { ReadsItsWrites = false });
        await careless.SuspendUserAsync(users[1].Id);
        await careless.GetUserAsync(users[1].Id);
        Assert.False(without.Sent[^1].ContainsKey("Consistency-Token"));
    }

    [Fact]
    public async Task An_import_goes_on_behind_the_last_answer()
    {
        using var network = new FaultyHandler(AnswerLost, AnswerCut, Unavailable, AnswerCut);
        using var client = Over(network);
        var users = Enumerable.Range(0, 3_000).Select(i => new NewUser($"N {i}", $"retried{i}@example.com")).ToAsyncEnumerable();

        var lines = await client.ImportUsersAsync(users).ToListAsync();

        Assert.Equal(Enumerable.Range(1, 3_000).Select(i => (long)i), lines.Select(line => line.Line));
        Assert.Equal(3_000, lines.Select(line => line.Id).Distinct().Count());
        Assert.Equal(6, network.Sent.Count);
    }

    private RosterClient Over(FaultyHandler network, RosterClientOptions? options = null) =>
        new(new HttpClient(network), server.Url, server.AdminKey, options ?? Quick);
}
