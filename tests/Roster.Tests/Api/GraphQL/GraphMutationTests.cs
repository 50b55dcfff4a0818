using Xunit;

namespace Roster.Tests.Api.GraphQL;

public sealed class GraphMutationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Register = "mutation($input: RegisterUserInput!) { registerUser(input: $input) { user { id name attributes version } error { __typename ... on InvalidInput { fields { field problems } } } } }";

    [Fact]
    public async Task A_user_is_registered_changed_suspended_and_deleted()
    {
        var made = (await server.Admin.DataAsync(Register, new { input = new { name = "Ada", email = ApiClient.NewEmail(), attributes = new { a = 1 } } })).At("registerUser", "user");
        Assert.Equal("""{"a":1}""", made.GetProperty("attributes").GetRawText());
        var id = made.GetProperty("id").GetString();
        var changed = await server.Admin.DataAsync(
            "mutation($id: ID!) { changeUser(id: $id, ifVersion: 1, input: { name: \"Grace\", attributes: { a: null, b: [true] } }) { user { name attributes } } suspendUser(id: $id) { user { status } } refused: publishPost(userId: $id, input: { text: \"x\" }) { error { ... on Conflict { message } } } reactivateUser(id: $id) { user { status version } } stale: changeUser(id: $id, ifVersion: 1, input: {}) { error { ... on VersionMismatch { actual } } } }",
            new { id });
        Assert.Equal("""{"b":[true]}""", changed.At("changeUser", "user", "attributes").GetRawText());
        Assert.Equal("suspended", changed.At("suspendUser", "user", "status").GetString());
        Assert.NotEmpty(changed.At("refused", "error", "message").GetString()!);
        Assert.Equal(4, changed.At("reactivateUser", "user", "version").GetInt32());
        Assert.Equal(4, changed.At("stale", "error", "actual").GetInt32());
        var gone = await server.Admin.DataAsync("mutation($id: ID!) { deleteUser(id: $id) { deletedId } again: suspendUser(id: $id) { error { __typename } } }", new { id });
        Assert.Equal(id, gone.At("deleteUser", "deletedId").GetString());
        Assert.Equal("NotFound", gone.At("again", "error", "__typename").GetString());
    }

    [Fact]
    public async Task A_post_is_published_changed_and_deleted_and_its_author_read_after_it()
    {
        var author = await server.Admin.SignUpAsync();
        var made = (await server.Admin.DataAsync("mutation($id: ID!) { publishPost(userId: $id, input: { text: \"one\" }) { post { id author { posts { nodes { text } } } } } }", new { id = author.Id })).At("publishPost", "post");
        Assert.Equal("one", made.At("author", "posts", "nodes", 0, "text").GetString());
        var ended = await server.Admin.DataAsync("mutation($id: ID!) { changePost(id: $id, input: { text: \"two\" }) { post { text version } } deletePost(id: $id) { deletedId } }", new { id = made.GetProperty("id").GetString() });
        Assert.Equal("two", ended.At("changePost", "post", "text").GetString());
    }

    [Fact]
    public async Task What_is_wrong_is_data_with_a_type()
    {
        var email = ApiClient.NewEmail();
        await server.Admin.SignUpAsync(email: email);
        Assert.Equal("EmailTaken", (await server.Admin.DataAsync(Register, new { input = new { name = "x", email } })).At("registerUser", "error", "__typename").GetString());
        var invalid = (await server.Admin.DataAsync(Register, new { input = new { name = "", email = "x" } })).At("registerUser", "error");
        Assert.Equal("email", invalid.At("fields", 0, "field").GetString());
        Assert.Equal("name", invalid.At("fields", 1, "field").GetString());
        var wrong = (await server.Admin.DataAsync(Register, new { input = new { name = "x", email = ApiClient.NewEmail(), attributes = 1 } })).At("registerUser", "error");
        Assert.Equal("attributes", wrong.At("fields", 0, "field").GetString());
    }

    [Fact]
    public async Task A_repeated_key_repeats_the_first_answer_of_each_field()
    {
        var key = ("Idempotency-Key", ApiClient.NewEmail());
        var query = $$"""mutation { a: registerUser(input: { name: "a", email: "{{ApiClient.NewEmail()}}" }) { user { id } } b: registerUser(input: { name: "b", email: "{{ApiClient.NewEmail()}}" }) { user { id } } }""";
        var first = await server.Admin.DataAsync(query, null, key);
        var second = await server.Admin.DataAsync(query, null, key);
        Assert.Equal(first.GetRawText(), second.GetRawText());
        Assert.NotEqual(first.At("a", "user", "id").GetString(), first.At("b", "user", "id").GetString());
    }

    [Fact]
    public async Task A_mutation_answers_with_a_consistency_token()
    {
        var answer = await server.Admin.AskAsync(Register, new { input = new { name = "Ada", email = ApiClient.NewEmail() } });
        var token = answer.Is(200).Header("Consistency-Token");
        Assert.NotNull(token);
        (await server.Admin.AskAsync("{ users(first: 1) { nodes { id } } }", null, ("Consistency-Token", token))).Is(200);
    }
}
