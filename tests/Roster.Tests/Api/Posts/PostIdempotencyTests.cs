using Xunit;

namespace Roster.Tests.Api.Posts;

public sealed class PostIdempotencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int counter;

    [Theory]
    [InlineData("POST", """{ "text": "Hello" }""")]
    [InlineData("PATCH", """{ "text": "Edited" }""")]
    [InlineData("PATCH", "{}")]
    [InlineData("DELETE", null)]
    public async Task A_repeated_request_gets_the_first_answer_after_edit_deletion_and_the_authors_end(string method, string? body)
    {
        var author = await server.Admin.SignUpAsync();
        var id = (await server.Admin.PublishAsync(author.Id)).Id;
        var (key, path) = (NewKey(), method == "POST" ? $"/users/{author.Id}/posts" : $"/posts/{id}");
        var first = await server.Admin.SendAsync(method, path, body, key);
        Assert.InRange(first.Status, 200, 204);
        Assert.Null(first.Header("Idempotency-Replayed"));
        id = method == "POST" ? first.Id : id;
        var events = await EventsAsync(author.Id);
        await IsReplayAsync(path + "/");
        Assert.Equal(events, await EventsAsync(author.Id));
        await server.Admin.PatchAsync($"/posts/{id}", """{ "text": "Later" }""");
        await IsReplayAsync(path);
        await server.Admin.DeleteAsync($"/posts/{id}");
        await IsReplayAsync(path);
        (await server.Admin.PostAsync($"/users/{author.Id}/suspend")).Is(200);
        await IsReplayAsync(path);
        (await server.Admin.DeleteAsync($"/users/{author.Id}")).Is(204);
        await IsReplayAsync(path);

        async Task IsReplayAsync(string again)
        {
            var answer = await server.Admin.SendAsync(method, again, body, key);
            Assert.Equal(first.Body, answer.Is(first.Status).Body);
            Assert.Equal(first.Header("Location"), answer.Header("Location"));
            Assert.Equal(first.Header("ETag"), answer.Header("ETag"));
            Assert.Equal("true", answer.Header("Idempotency-Replayed"));
            Assert.NotNull(answer.Header("Consistency-Token"));
        }
    }

    [Fact]
    public async Task A_key_is_good_for_one_request_only()
    {
        var author = await server.Admin.SignUpAsync();
        var key = NewKey();
        var post = await server.Admin.PublishAsync(author.Id, "Hello", key);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "Other" }""", key)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "Other" }""", key)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.DeleteAsync($"/posts/{post.Id}", key)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.PatchAsync($"/users/{author.Id}", "{}", key)).IsProblem(422, "idempotency-key-reused");
        Assert.Equal("Hello", (await server.Admin.GetAsync($"/posts/{post.Id}")).Text("text"));
    }

    [Fact]
    public async Task A_request_that_failed_is_not_remembered()
    {
        var author = await server.Admin.SignUpAsync();
        var key = NewKey();
        (await server.Admin.PostAsync($"/users/{author.Id}/suspend")).Is(200);
        (await server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "Hello" }""", key)).IsProblem(409, "conflict");
        (await server.Admin.PostAsync($"/users/{author.Id}/reactivate")).Is(200);
        var post = await server.Admin.PublishAsync(author.Id, "Hello", key);
        key = NewKey();
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "B" }""", key, ("If-Match", "\"9\""))).IsProblem(412);
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "B" }""", key, ("If-Match", "\"1\""))).Is(200);
        (await server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "B" }""", key, ("If-Match", "\"1\""))).Is(200);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Duplicates_at_once_have_one_effect_and_one_answer(string method)
    {
        for (var round = 0; round < 8; round++)
        {
            var author = await server.Admin.SignUpAsync();
            var post = await server.Admin.PublishAsync(author.Id);
            var key = NewKey();
            var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => method switch
            {
                "POST" => server.Admin.PostAsync($"/users/{author.Id}/posts", """{ "text": "Twice?" }""", key),
                "PATCH" => server.Admin.PatchAsync($"/posts/{post.Id}", """{ "text": "Twice?" }""", key),
                _ => server.Admin.DeleteAsync($"/posts/{post.Id}", key),
            }));
            Assert.All(answers, answer => Assert.Equal(answers[0].Body, answer.Is(answers[0].Status).Body));
            Assert.InRange(answers[0].Status, 200, 204);
            Assert.Single(answers, answer => answer.Header("Idempotency-Replayed") is null);
            Assert.Equal(3, await EventsAsync(author.Id));
        }
    }

    private static (string, string) NewKey() => ("Idempotency-Key", $"post {Interlocked.Increment(ref counter)}");

    private async Task<int> EventsAsync(string id) => (await server.Admin.GetAsync($"/users/{id}/history")).Is(200).Items.Count;
}
