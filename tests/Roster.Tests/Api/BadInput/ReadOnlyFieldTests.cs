using Xunit;

namespace Roster.Tests.Api.BadInput;

/// <summary>What is Roster's to decide is in no request: such a field is refused by its name, and nothing of the request is done.</summary>
public sealed class ReadOnlyFieldTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Id = "\"01890a5d-ac96-774b-bcce-b302099a8057\"";
    private const string Time = "\"2001-01-01T00:00:00Z\"";

    public static TheoryData<string, string> Fields => new()
    {
        { "id", Id }, { "version", "7" }, { "status", "\"suspended\"" }, { "createdAt", Time }, { "updatedAt", Time }, { "deletedAt", Time }, { "deletedAt", "null" },
        { "tenant", "\"other\"" }, { "sequence", "7" }, { "actor", "\"system\"" }, { "source", "\"import\"" }, { "userId", Id }, { "posts", "[]" },
        { "secret", "\"rk_x\"" }, { "secretHash", "\"x\"" }, { "revokedAt", "null" }, { "__proto__", "{}" }, { "Name", "\"A\"" }, { "ID", Id },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_field_that_is_not_the_clients_is_refused(string field, string value)
    {
        var user = await server.Admin.SignUpAsync();
        var post = await server.Admin.PublishAsync(user.Id);
        var email = ApiClient.NewEmail();
        var extra = $$""" "{{field}}": {{value}} }""";
        foreach (var (method, path, body) in ((string, string, string)[])
        [
            ("POST", "/users", $$"""{ "name": "A", "email": "{{email}}","""),
            ("PATCH", $"/users/{user.Id}", """{ "name": "Other","""),
            ("POST", $"/users/{user.Id}/posts", """{ "text": "Other","""),
            ("PATCH", $"/posts/{post.Id}", """{ "text": "Other","""),
            ("POST", "/keys", """{ "name": "k", "scopes": ["users:read"],"""),
            ("POST", "/users:get", """{ "ids": [],"""),
        ])
        {
            (await server.Admin.SendAsync(method, path, body + extra)).IsProblem(422, "invalid", field);
        }

        var imported = await server.Admin.PostAsync(
            "/users/import", $$"""{ "name": "A", "email": "{{email}}",""" + extra, ("Content-Type", "application/x-ndjson"));
        Assert.Contains("\"invalid\":1,", System.Text.Encoding.UTF8.GetString(imported.Is(200).Body), StringComparison.Ordinal);
        Assert.Empty((await server.Admin.GetAsync($"/users?email={email}")).Items);
        Assert.Equal(user.Body, (await server.Admin.GetAsync($"/users/{user.Id}")).Body);
        Assert.Equal([post.Id], (await server.Admin.AllAsync($"/users/{user.Id}/posts")).Select(each => each.GetProperty("id").GetString()));
        Assert.Equal(1, (await server.Admin.GetAsync($"/posts/{post.Id}")).Version);
    }
}
