using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class PreconditionTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"7\", \"1\"", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("\"01\"", 412)]
    [InlineData("\"x\"", 412)]
    [InlineData("1", 400)]
    [InlineData("\"1", 400)]
    [InlineData("\"1\" \"2\"", 400)]
    public async Task If_Match_lets_a_change_through_when_it_names_the_version(string header, int status)
    {
        var user = await server.Admin.SignUpAsync();
        var answer = (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Grace" }""", ("If-Match", header))).Is(status);
        if (status != 200)
        {
            answer.IsProblem(status, status == 412 ? "version-mismatch" : "malformed");
        }

        Assert.Equal(status == 200 ? 2 : 1, (await server.Admin.GetAsync($"/users/{user.Id}")).Version);
        var deleted = await server.Admin.DeleteAsync(
            $"/users/{(await server.Admin.SignUpAsync()).Id}", ("If-Match", header));
        deleted.Is(status == 200 ? 204 : status);
    }

    [Theory]
    [InlineData("\"1\"", 304)]
    [InlineData("W/\"1\"", 304)]
    [InlineData("*", 304)]
    [InlineData("\"3\", \"1\"", 304)]
    [InlineData("\"2\"", 200)]
    [InlineData("1", 400)]
    public async Task If_None_Match_saves_the_body_when_the_client_has_it(string header, int status)
    {
        var user = await server.Admin.SignUpAsync();
        var answer = (await server.Admin.GetAsync($"/users/{user.Id}", ("If-None-Match", header))).Is(status);
        if (status == 304)
        {
            Assert.Empty(answer.Body);
            Assert.Equal("\"1\"", answer.Header("ETag"));
        }
    }

    [Fact]
    public async Task Of_changes_that_accept_one_version_exactly_one_wins()
    {
        var user = await server.Admin.SignUpAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.Admin.PatchAsync(
            $"/users/{user.Id}", $$"""{ "name": "Name {{i}}" }""", ("If-Match", "\"1\""))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsProblem(412, "version-mismatch"));
    }

    [Fact]
    public async Task Changes_without_a_condition_all_happen_one_after_another()
    {
        var user = await server.Admin.SignUpAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => server.Admin.PatchAsync(
            $"/users/{user.Id}", $$"""{ "attributes": { "k{{i}}": {{i}} } }""")));
        Assert.Equal(Enumerable.Range(2, 32), answers.Select(answer => (int)answer.Is(200).Version).Order());
        Assert.Equal(32, (await server.Admin.GetAsync($"/users/{user.Id}")).Json.GetProperty("attributes").EnumerateObject().Count());
    }
}
