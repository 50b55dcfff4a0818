using Roster.Core.Ids;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class ConsistencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Header = "Consistency-Token";

    public static TheoryData<string> Garbage => ["x", "!", "AA", "AQ", new string('A', 9000), "AQAB", "Zm9vYmFy", "AQ=="];

    [Fact]
    public async Task Every_write_returns_a_token_that_covers_those_before()
    {
        var made = await server.Admin.SignUpAsync();
        string[] tokens =
        [
            made.Header(Header)!,
            (await server.Admin.PatchAsync($"/users/{made.Id}", """{ "name": "B" }""")).Header(Header)!,
            (await server.Admin.PatchAsync($"/users/{made.Id}", """{ "name": "B" }""")).Header(Header)!,
            (await server.Admin.PostAsync($"/users/{made.Id}/suspend")).Header(Header)!,
            (await server.Admin.PostAsync($"/users/{made.Id}/reactivate")).Header(Header)!,
            (await server.Admin.DeleteAsync($"/users/{made.Id}")).Is(204).Header(Header)!,
        ];
        var values = tokens.Select(token => Read(token).Positions[0].Value).ToArray();
        Assert.Equal(values.Order(), values);
        foreach (var token in tokens)
        {
            (await server.Admin.GetAsync($"/users/{made.Id}", (Header, token))).Is(200);
            (await server.Admin.GetAsync("/users", (Header, token))).Is(200);
            (await server.Admin.PostAsync("/users:get", """{ "ids": [] }""", (Header, token))).Is(200);
            (await server.Admin.GetAsync($"/users/{made.Id}/history", (Header, token))).Is(200);
            (await server.Admin.GetAsync($"/users/{made.Id}?version=1", (Header, token))).Is(200);
        }
    }

    [Fact]
    public async Task A_write_that_carried_a_token_returns_one_that_covers_both()
    {
        var timeline = Read((await server.Admin.SignUpAsync()).Header(Header)!).Positions[0].Timeline;
        var elsewhere = new Position(new ShardId(7), timeline, 12);
        var sent = ConsistencyToken.Of(elsewhere).ToString();
        var answer = await server.Admin.SignUpAsync(headers: (Header, sent));
        var returned = Read(answer.Header(Header)!);
        Assert.Equal(elsewhere, returned.On(new ShardId(7)));
        Assert.Equal(2, returned.Positions.Count);
    }

    [Fact]
    public async Task Several_tokens_are_one_that_covers_all()
    {
        string Of(int shard, long position) => ConsistencyToken.Of(new Position(new ShardId(shard), 1, position)).ToString();
        var answer = await server.Admin.SignUpAsync(headers: (Header, $"{Of(7, 5)}, {Of(8, 3)},{Of(7, 4)}"));
        var returned = Read(answer.Header(Header)!);
        Assert.Equal(5, returned.On(new ShardId(7))!.Value.Value);
        Assert.Equal(3, returned.On(new ShardId(8))!.Value.Value);
        (await server.Admin.GetAsync("/users", (Header, $"{Of(7, 5)}, x"))).IsProblem(400, "bad-consistency-token");
        var tooMany = string.Join(',', Enumerable.Range(1, ConsistencyToken.MaxPositions + 1).Select(shard => Of(shard, 1)));
        (await server.Admin.GetAsync("/users", (Header, tooMany))).IsProblem(400, "bad-consistency-token");
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_refused_on_reads(string token)
    {
        (await server.Admin.GetAsync("/users", (Header, token))).IsProblem(400, "bad-consistency-token");
    }

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_is_refused_on_writes_before_anything_happens(string token)
    {
        var email = ApiClient.NewEmail();
        (await server.Admin.PostAsync("/users", $$"""{ "name": "Ada", "email": "{{email}}" }""", (Header, token))).IsProblem(400, "bad-consistency-token");
        var user = await server.Admin.SignUpAsync(email: email);
        (await server.Admin.DeleteAsync($"/users/{user.Id}", (Header, token))).IsProblem(400, "bad-consistency-token");
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", (Header, token))).IsProblem(400, "bad-consistency-token");
        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{user.Id}")).Version);
    }

    [Theory]
    [InlineData(0, 1, long.MaxValue)]
    [InlineData(0, long.MaxValue, 1)]
    [InlineData(99, 1, 1)]
    [InlineData(int.MaxValue, 0, 0)]
    public async Task A_token_of_a_place_this_store_never_was_at_is_no_fault(int shard, long timeline, long position)
    {
        var token = ConsistencyToken.Of(new Position(new ShardId(shard), timeline, position)).ToString();
        var answer = await server.Admin.GetAsync("/users", (Header, token));
        Assert.True(answer.Status is 200 or 400 or 503, answer.ToString());
    }

    private static ConsistencyToken Read(string token) =>
        ConsistencyToken.TryParse(token, out var read) ? read : throw new FormatException(token);
}
