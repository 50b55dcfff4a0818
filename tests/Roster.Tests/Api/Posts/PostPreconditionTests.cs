using Xunit;

namespace Roster.Tests.Api.Posts;

public sealed class PostPreconditionTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("\"1\"", 200)]
    [InlineData("*", 200)]
    [InlineData("\"2\"", 412)]
    [InlineData("W/\"1\"", 412)]
    [InlineData("1", 400)]
    public async Task If_Match_and_If_None_Match_are_about_the_posts_own_version(string header, int status)
    {
        var author = await server.Admin.SignUpAsync();
        await server.Admin.PublishAsync(author.Id, "Another one");
        var post = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.PatchAsync($"/users/{author.Id}", """{ "name": "Moved on" }""")).Is(200);
        var known = (await server.Admin.GetAsync($"/posts/{post.Id}", ("If-None-Match", header))).Is(
            header switch { "1" => 400, "\"2\"" => 200, _ => 304 });
        Assert.True(known.Status != 304 || (known.Body.Length == 0 && known.Header("ETag") == "\"1\""));
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "a" }""", ("If-Match", header))).Is(status);
        var other = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.DeleteAsync($"/posts/{other.Id}", ("If-Match", header))).Is(status == 200 ? 204 : status);
    }

    [Fact]
    public async Task Of_edits_that_accept_one_version_exactly_one_wins()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        for (var version = 1; version <= 5; version++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => server.Admin.PatchAsync(
                $"/posts/{post.Id}", $$"""{ "text": "Edit {{version}}.{{i}}" }""", ("If-Match", $"\"{version}\""))));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsProblem(412, "version-mismatch"));
        }
    }

    [Fact]
    public async Task Everything_that_happens_to_an_author_at_once_happens_once()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => (i % 3) switch
        {
            0 => server.Admin.PostAsync($"/users/{author.Id}/posts", $$"""{ "text": "Post {{i}}" }"""),
            1 => server.Admin.PatchAsync($"/posts/{post.Id}", $$"""{ "text": "Edit {{i}}" }"""),
            _ => server.Admin.PatchAsync($"/users/{author.Id}", $$"""{ "name": "Name {{i}}" }"""),
        }));
        Assert.All(answers, answer => Assert.InRange(answer.Status, 200, 201));
        Assert.Equal(11, (await server.Admin.GetAsync($"/posts/{post.Id}")).Version);
        Assert.Equal(11, (await server.Admin.GetAsync($"/users/{author.Id}")).Version);
        Assert.Equal(11, (await server.Admin.GetAsync($"/users/{author.Id}/posts")).Items.Count);
        Assert.Equal(32, (await server.Admin.GetAsync($"/users/{author.Id}/history")).Items.Count);
    }
}
