using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class SignUpTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_sign_up_answers_with_the_user_its_place_and_its_version()
    {
        var email = ApiClient.NewEmail();
        var made = await server.Admin.PostAsync("/users", $$"""{ "name": "Ada", "email": " {{email}}\t", "attributes": { "b": [1], "a": "ä" } }""");
        made.Is(201);
        Assert.Equal(
            ["id", "name", "email", "attributes", "status", "version", "createdAt", "updatedAt"],
            made.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(email, made.Text("email"));
        Assert.Equal("""{"a":"ä","b":[1]}""", made.Json.GetProperty("attributes").GetRawText());
        Assert.Equal("active", made.Text("status"));
        Assert.Equal($"/users/{made.Id}", made.Header("Location"));
        Assert.Equal("\"1\"", made.Header("ETag"));
        Assert.NotNull(made.Header("Consistency-Token"));
        Assert.Equal("application/json; charset=utf-8", made.Header("Content-Type"));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", made.Id);
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", made.Text("createdAt"));
        Assert.Equal(made.Body, (await server.Admin.GetAsync(made.Header("Location")!)).Is(200).Body);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var answer = await server.Admin.PostAsync("/users", """{ "name": "", "email": "x", "attributes": { "a": 1e400 }, "shoe": 1, "size": 2 }""");
        answer.IsProblem(422, "invalid", "name", "email", "attributes", "shoe", "size");
        answer = await server.Admin.PostAsync("/users", """{ "name": null, "nmae": "Ada" }""");
        answer.IsProblem(422, "invalid", "name", "email", "nmae");
        Assert.Equal(1, answer.Json.GetProperty("errors").GetProperty("name").GetArrayLength());
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "", "email": null, "attributes": { "a": 1e400 }, "shoe": 1 }"""))
            .IsProblem(422, "invalid", "name", "email", "attributes", "shoe");
        (await server.Admin.PostAsync("/keys", """{ "name": "", "scopes": ["x"], "expiresAt": "2001-01-01T00:00:00Z", "shoe": 1 }"""))
            .IsProblem(422, "invalid", "name", "scopes", "expiresAt", "shoe");
    }

    [Fact]
    public async Task Many_users_by_id_come_in_the_order_asked_for_and_the_missing_are_named()
    {
        var (first, second, gone) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        (await server.Admin.DeleteAsync($"/users/{gone.Id}")).Is(204);
        using var reader = await server.WithScopesAsync("users:read");
        var answer = await reader.PostAsync("/users:get", $$"""{ "ids": ["{{second.Id}}", "x", "{{first.Id.ToUpperInvariant()}}", "{{second.Id}}", "{{gone.Id}}", ""] }""");
        Assert.Equal([second.Id, first.Id], answer.Is(200).Json.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("id").GetString()));
        Assert.Equal(["x", gone.Id, ""], answer.Json.GetProperty("missing").EnumerateArray().Select(id => id.GetString()));
    }

    [Theory]
    [InlineData(" {0}")]
    [InlineData("{0}%20")]
    [InlineData("%7B{0}%7D")]
    [InlineData("{0}x")]
    public async Task What_is_no_uuid_is_no_user(string path)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.GetAsync("/users/" + string.Format(System.Globalization.CultureInfo.InvariantCulture, path, user.Id).Replace(" ", "%20", StringComparison.Ordinal)))
            .IsProblem(404, "not-found");
    }
}
