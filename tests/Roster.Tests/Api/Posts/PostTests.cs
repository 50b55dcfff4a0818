using System.Text;
using Xunit;

namespace Roster.Tests.Api.Posts;

public sealed class PostTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_post_comes_back_as_it_was_published()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id, "Grüße, 😀 \"quoted\"\n</script>");
        Assert.Equal($"/posts/{post.Id}", post.Header("Location"));
        Assert.Equal("\"1\"", post.Header("ETag"));
        Assert.Equal(
            ["id", "userId", "text", "version", "createdAt", "updatedAt"], post.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal((author.Id, "Grüße, 😀 \"quoted\"\n</script>", 1), (post.Text("userId"), post.Text("text"), post.Version));
        foreach (var path in (string[])[$"/posts/{post.Id}", $"/posts/{post.Id}/", $"/posts/{post.Id.ToUpperInvariant()}"])
        {
            var read = (await server.Admin.GetAsync(path, ("Consistency-Token", post.Header("Consistency-Token")!))).Is(200);
            Assert.Equal(post.Body, read.Body);
            Assert.Equal("\"1\"", read.Header("ETag"));
        }

        var listed = Assert.Single((await server.Admin.GetAsync($"/users/{author.Id}/posts/")).Is(200).Items);
        Assert.Equal(Encoding.UTF8.GetString(post.Body), listed.GetRawText());
    }

    [Fact]
    public async Task An_edit_is_a_new_version_in_the_authors_history_and_leaves_the_authors_own_alone()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        var edited = (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "Bye" }""", ("Content-Type", "application/merge-patch+json"))).Is(200);
        Assert.Equal(("Bye", 2L, "\"2\""), (edited.Text("text"), edited.Version, edited.Header("ETag")));
        Assert.Equal(post.Text("createdAt"), edited.Text("createdAt"));
        (await server.Admin.DeleteAsync($"/posts/{post.Id}")).Is(204);
        (await server.Admin.GetAsync($"/posts/{post.Id}")).IsProblem(404, "not-found");
        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{author.Id}")).Version);
        var history = (await server.Admin.GetAsync($"/users/{author.Id}/history")).Items;
        Assert.Equal(
            ["roster.user.signedUp.v1", "roster.post.published.v1", "roster.post.edited.v1", "roster.post.deleted.v1"],
            history.Select(e => e.GetProperty("type").GetString()));
        Assert.All(history.Skip(1), e => Assert.Equal(post.Id, e.GetProperty("data").GetProperty("postId").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "text": "Hello" }""")]
    [InlineData("""{ "text": "H\u0065llo" }""")]
    public async Task An_edit_that_changes_nothing_makes_no_event(string body)
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id, "Hello");
        Assert.Equal(post.Body, (await server.Admin.PatchAsync($"/posts/{post.Id}", body)).Is(200).Body);
        Assert.Equal(2, (await server.Admin.GetAsync($"/users/{author.Id}/history")).Items.Count);
    }

    [Theory]
    [InlineData("""{ "text": null }""", 422)]
    [InlineData("""{ "text": "" }""", 422)]
    [InlineData("""{ "text": " " }""", 422)]
    [InlineData("""{ "text": "a\u0000b" }""", 422)]
    [InlineData("""{ "text": "\ud800" }""", 422)]
    [InlineData("""{ "text": "a", "text": "b" }""", 422)]
    [InlineData("""{ "text": 1 }""", 400)]
    [InlineData("""{ "text": ["a"] }""", 400)]
    public async Task A_bad_text_is_refused(string body, int status)
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", body)).IsProblem(status, null, "text");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", body)).IsProblem(status, null, "text");
    }

    [Fact]
    public async Task Unknown_fields_are_refused_and_the_sent_post_is_no_template()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "a", "id": "x", "title": "b" }""")).IsProblem(422, "invalid", "id", "title");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", Encoding.UTF8.GetString(post.Body))).IsProblem(422, "invalid", "id", "userId", "version");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("😀")]
    public async Task A_text_has_10_000_characters_and_no_more(string character)
    {
        var author = await server.Admin.SignUpAsync();
        var most = string.Concat(Enumerable.Repeat(character, 10_000));
        var post = await server.Admin.PublishAsync(author.Id, most);
        Assert.Equal(most, (await server.Admin.GetAsync($"/posts/{post.Id}")).Text("text"));
        var over = $$"""{ "text": "{{most}}{{character}}" }""";
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", over)).IsProblem(422, "invalid", "text");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", over)).IsProblem(422, "invalid", "text");
    }

    [Fact]
    public async Task A_suspended_user_neither_publishes_nor_edits_but_is_read_and_may_delete()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.PostAsync($"/users/{author.Id}/suspend")).Is(200);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "a" }""")).IsProblem(409, "conflict");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "a" }""")).IsProblem(409, "conflict");
        Assert.Equal(post.Body, (await server.Admin.GetAsync($"/posts/{post.Id}")).Is(200).Body);
        Assert.Single((await server.Admin.GetAsync($"/users/{author.Id}/posts")).Is(200).Items);
        (await server.Admin.PostAsync($"/users/{author.Id}/reactivate")).Is(200);
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "a" }""")).Is(200);
        (await server.Admin.PostAsync($"/users/{author.Id}/suspend")).Is(200);
        (await server.Admin.DeleteAsync($"/posts/{post.Id}")).Is(204);
    }

    [Fact]
    public async Task A_deleted_users_posts_are_gone_with_it_even_for_administrators()
    {
        var author = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(author.Id);
        (await server.Admin.DeleteAsync($"/users/{author.Id}")).Is(204);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "a" }""")).IsProblem(404, "not-found");
        (await server.Admin.GetAsync($"/users/{author.Id}/posts")).IsProblem(404, "not-found");
        (await server.Admin.GetAsync($"/posts/{post.Id}")).IsProblem(404, "not-found");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", "{}")).IsProblem(404, "not-found");
        (await server.Admin.DeleteAsync($"/posts/{post.Id}")).IsProblem(404, "not-found");
    }
}
