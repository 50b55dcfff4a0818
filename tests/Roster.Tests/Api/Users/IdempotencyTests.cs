using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class IdempotencyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static int counter;

    [Fact]
    public async Task A_repeated_sign_up_gets_the_first_answer_even_after_changes_and_deletion()
    {
        var (key, body) = (NewKey(), SignUp(ApiClient.NewEmail()));
        var first = (await server.Admin.PostAsync("/users", body, key)).Is(201);
        Assert.Null(first.Header("Idempotency-Replayed"));
        await IsReplayAsync();
        (await server.Admin.PatchAsync($"/users/{first.Id}", $$"""{ "name": "Later", "email": "{{ApiClient.NewEmail()}}" }""")).Is(200);
        await IsReplayAsync();
        (await server.Admin.DeleteAsync($"/users/{first.Id}")).Is(204);
        await IsReplayAsync();

        async Task IsReplayAsync()
        {
            var again = (await server.Admin.PostAsync("/users", body, key)).Is(201);
            Assert.Equal(first.Body, again.Body);
            Assert.Equal(first.Header("Location"), again.Header("Location"));
            Assert.Equal(first.Header("ETag"), again.Header("ETag"));
            Assert.Equal("true", again.Header("Idempotency-Replayed"));
            Assert.NotNull(again.Header("Consistency-Token"));
        }
    }

    [Theory]
    [InlineData("PATCH", "", """{ "name": "Grace" }""")]
    [InlineData("PATCH", "", "{}")]
    [InlineData("POST", "/suspend", null)]
    [InlineData("POST", "/reactivate", null)]
    [InlineData("DELETE", "", null)]
    public async Task A_repeated_change_gets_the_first_answer_even_after_changes_and_deletion(string method, string action, string? body)
    {
        var user = await server.Admin.SignUpAsync();
        var (key, path) = (NewKey(), $"/users/{user.Id}{action}");
        var first = await server.Admin.SendAsync(method, path, body, key);
        Assert.InRange(first.Status, 200, 204);
        var events = await EventsAsync(user.Id);
        await IsReplayAsync(path + "/");
        Assert.Equal(events, await EventsAsync(user.Id));
        await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Later" }""");
        await IsReplayAsync(path);
        await server.Admin.DeleteAsync($"/users/{user.Id}");
        await IsReplayAsync(path);

        async Task IsReplayAsync(string again)
        {
            var answer = await server.Admin.SendAsync(method, again, body, key);
            Assert.Equal(first.Body, answer.Is(first.Status).Body);
            Assert.Equal("true", answer.Header("Idempotency-Replayed"));
        }
    }

    [Fact]
    public async Task A_key_is_good_for_one_request_only()
    {
        var (key, email) = (NewKey(), ApiClient.NewEmail());
        var user = (await server.Admin.PostAsync("/users", SignUp(email), key)).Is(201);
        (await server.Admin.PostAsync("/users", SignUp(email, "Grace"), key)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.PostAsync("/users", SignUp(await server.EmailBesideAsync(user)), key)).IsProblem(422, "idempotency-key-reused");
        var change = NewKey();
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", change)).Is(200);
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "C" }""", change)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.DeleteAsync($"/users/{user.Id}", change)).IsProblem(422, "idempotency-key-reused");
        (await server.Admin.PostAsync($"/users/{user.Id}/suspend", null, change)).IsProblem(422, "idempotency-key-reused");
        Assert.Equal("B", (await server.Admin.GetAsync($"/users/{user.Id}")).Text("name"));
    }

    [Fact]
    public async Task The_same_body_written_otherwise_is_the_same_request()
    {
        var (key, email) = (NewKey(), ApiClient.NewEmail());
        var first = (await server.Admin.PostAsync("/users", $$"""{ "name": "Ada", "email": "{{email}}", "attributes": { "a": 1 } }""", key)).Is(201);
        var again = await server.Admin.PostAsync("/users", $$"""{"attributes":{"a":1.0},"email":"{{email}}","name":"\u0041da"}""", key);
        Assert.Equal(first.Body, again.Is(201).Body);
    }

    [Fact]
    public async Task One_key_of_two_principals_is_two_keys()
    {
        var key = NewKey();
        using var other = await server.WithScopesAsync("users:write");
        var (mine, theirs) = (await server.Admin.PostAsync("/users", SignUp(ApiClient.NewEmail()), key), await other.PostAsync("/users", SignUp(ApiClient.NewEmail()), key));
        Assert.NotEqual(mine.Is(201).Id, theirs.Is(201).Id);
        key = NewKey();
        (await server.Admin.PatchAsync($"/users/{mine.Id}", """{ "name": "B" }""", key)).Is(200);
        (await other.PatchAsync($"/users/{mine.Id}", """{ "name": "C" }""", key)).Is(200);
    }

    [Fact]
    public async Task A_request_that_failed_is_not_remembered()
    {
        var (key, email) = (NewKey(), ApiClient.NewEmail());
        var owner = await server.Admin.SignUpAsync(email: email);
        (await server.Admin.PostAsync("/users", SignUp(email), key)).IsProblem(409, "email-taken");
        (await server.Admin.DeleteAsync($"/users/{owner.Id}")).Is(204);
        (await server.Admin.PostAsync("/users", SignUp(email), key)).Is(201);

        key = NewKey();
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "" }""", key)).IsProblem(422, "invalid");
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", key, ("If-Match", "\"9\""))).IsProblem(412);
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", key)).Is(200);
    }

    [Fact]
    public async Task A_retry_is_answered_before_its_condition_is_looked_at()
    {
        var (key, user) = (NewKey(), await server.Admin.SignUpAsync());
        var first = (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", key, ("If-Match", "\"1\""))).Is(200);
        var again = (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""", key, ("If-Match", "\"1\""))).Is(200);
        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task A_change_that_changed_nothing_is_remembered_too()
    {
        var (key, user) = (NewKey(), await server.Admin.SignUpAsync(name: "Ada"));
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Ada" }""", key)).Is(200);
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Grace" }""")).Is(200);
        var again = (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Ada" }""", key)).Is(200);
        Assert.Equal(user.Body, again.Body);
        Assert.Equal("Grace", (await server.Admin.GetAsync($"/users/{user.Id}")).Text("name"));
    }

    [Theory]
    [InlineData(1, 201)]
    [InlineData(255, 201)]
    [InlineData(256, 400)]
    [InlineData(5000, 400)]
    public async Task A_key_has_at_most_255_characters(int length, int status)
    {
        var answer = await server.Admin.PostAsync("/users", SignUp(ApiClient.NewEmail()), ("Idempotency-Key", new string('k', length)));
        if (answer.Is(status).Status == 400)
        {
            answer.IsProblem(400, "malformed");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Duplicates_at_once_have_one_effect_and_one_answer(string method)
    {
        for (var round = 0; round < 8; round++)
        {
            var (key, email) = (NewKey(), ApiClient.NewEmail());
            var id = method.Length == 0 ? null : (await server.Admin.SignUpAsync()).Id;
            var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => method switch
            {
                "PATCH" => server.Admin.PatchAsync($"/users/{id}", """{ "attributes": { "a": 1 } }""", key),
                "DELETE" => server.Admin.DeleteAsync($"/users/{id}", key),
                _ => server.Admin.PostAsync("/users", SignUp(email), key),
            }));
            Assert.All(answers, answer => Assert.Equal(answers[0].Body, answer.Is(answers[0].Status).Body));
            Assert.InRange(answers[0].Status, 200, 204);
            Assert.Single(answers, answer => answer.Header("Idempotency-Replayed") is null);
            Assert.Equal(id is null ? 1 : 2, await EventsAsync(id ?? answers[0].Id));
        }
    }

    private static (string, string) NewKey() => ("Idempotency-Key", $"key {Interlocked.Increment(ref counter)}");

    private static string SignUp(string email, string name = "Ada") => $$"""{ "name": "{{name}}", "email": "{{email}}" }""";

    private async Task<int> EventsAsync(string id) => (await server.Admin.GetAsync($"/users/{id}/history")).Is(200).Items.Count;
}
