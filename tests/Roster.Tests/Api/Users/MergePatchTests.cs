using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class MergePatchTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var before = await server.Admin.SignUpAsync();
        var after = (await server.Admin.PatchAsync($"/users/{before.Id}", """{ "name": "Grace" }""")).Is(200);
        Assert.Equal("Grace", after.Text("name"));
        Assert.Equal(before.Text("email"), after.Text("email"));
        Assert.Equal(before.Text("createdAt"), after.Text("createdAt"));
        Assert.True(string.CompareOrdinal(after.Text("updatedAt"), before.Text("updatedAt")) > 0);
        Assert.Equal("\"2\"", after.Header("ETag"));
    }

    [Theory]
    [InlineData("""{ "a": 1 }""", """{ "a": null }""", "{}")]
    [InlineData("""{ "a": 1 }""", """{ "b": 2 }""", """{"a":1,"b":2}""")]
    [InlineData("""{ "a": { "b": 1, "c": 2 } }""", """{ "a": { "b": null } }""", """{"a":{"c":2}}""")]
    [InlineData("""{ "a": [1, { "b": 1 }] }""", """{ "a": [null] }""", """{"a":[null]}""")]
    [InlineData("""{ "a": 1 }""", "null", "{}")]
    [InlineData("""{ "a": 1 }""", "{}", """{"a":1}""")]
    [InlineData("""{ "a": 1 }""", """{ "a": { "b": null, "c": 3 } }""", """{"a":{"c":3}}""")]
    public async Task Attributes_merge_as_RFC_7396_says(string before, string patch, string after)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "attributes": {{before}} }""")).Is(200);
        var patched = await server.Admin.PatchAsync(
            $"/users/{user.Id}", $$"""{ "attributes": {{patch}} }""", ("Content-Type", "application/merge-patch+json"));
        Assert.Equal(after, patched.Is(200).Json.GetProperty("attributes").GetRawText());
    }

    [Theory]
    [InlineData("""{ "name": null }""", "name")]
    [InlineData("""{ "email": null }""", "email")]
    [InlineData("""{ "id": "x" }""", "id")]
    [InlineData("""{ "status": "suspended" }""", "status")]
    public async Task Only_attributes_can_be_removed_and_only_the_profile_changed(string patch, string field)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", patch)).IsProblem(422, "invalid", field);
        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{user.Id}")).Version);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_makes_no_event_and_keeps_the_version()
    {
        var made = await server.Admin.PostAsync("/users", $$"""{ "name": "Ada", "email": "{{ApiClient.NewEmail()}}", "attributes": { "b": 1.0, "a": [] } }""");
        foreach (var patch in (string[])
        [
            "{}", """{ "name": "Ada" }""", """{ "attributes": { "a": [], "b": 1 } }""", """{ "attributes": { "c": null } }""",
            $$"""{ "email": "{{made.Text("email")}}" }""",
        ])
        {
            var same = (await server.Admin.PatchAsync($"/users/{made.Id}", patch)).Is(200);
            Assert.Equal(made.Body, same.Body);
            Assert.Equal("\"1\"", same.Header("ETag"));
        }

        Assert.Single((await server.Admin.GetAsync($"/users/{made.Id}/history")).Items);
    }

    [Fact]
    public async Task Name_and_email_in_one_patch_are_two_events_and_one_version()
    {
        var user = await server.Admin.SignUpAsync();
        var patched = await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "name": "Grace", "email": "{{ApiClient.NewEmail()}}" }""");
        Assert.Equal(2, patched.Is(200).Version);
        var events = (await server.Admin.GetAsync($"/users/{user.Id}/history")).Items;
        Assert.Equal(
            ["roster.user.signedUp.v1", "roster.user.profileChanged.v1", "roster.user.emailChanged.v1"],
            events.Select(e => e.GetProperty("type").GetString()));
        Assert.Equal([1, 2, 2], events.Select(e => e.GetProperty("data").GetProperty("version").GetInt64()));
        Assert.Equal(["1", "2", "3"], events.Select(e => e.GetProperty("sequence").GetString()));
        Assert.Equal(events[1].GetProperty("time").GetString(), events[2].GetProperty("time").GetString());
    }

    [Fact]
    public async Task An_email_changed_only_in_its_writing_stays_its_owners()
    {
        var email = ApiClient.NewEmail();
        var user = await server.Admin.SignUpAsync(email: email);
        var patched = await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "email": "{{email.ToUpperInvariant()}}" }""");
        Assert.Equal(email.ToUpperInvariant(), patched.Is(200).Text("email"));
        (await server.Admin.PostAsync("/users", $$"""{ "name": "x", "email": "{{email}}" }""")).IsProblem(409, "email-taken");
    }

    [Fact]
    public async Task A_changed_email_frees_the_old_and_takes_the_new()
    {
        var (old, next) = (ApiClient.NewEmail(), ApiClient.NewEmail());
        var user = await server.Admin.SignUpAsync(email: old);
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "email": "{{next}}" }""")).Is(200);
        await server.Admin.SignUpAsync(email: old);
        (await server.Admin.PostAsync("/users", $$"""{ "name": "x", "email": "{{next}}" }""")).IsProblem(409, "email-taken");
        (await server.Admin.PatchAsync($"/users/{user.Id}", $$"""{ "email": "{{old}}" }""")).IsProblem(409, "email-taken");
    }

    [Fact]
    public async Task A_suspended_user_can_be_read_and_changed()
    {
        var user = await server.Admin.SignUpAsync();
        Assert.Equal("suspended", (await server.Admin.PostAsync($"/users/{user.Id}/suspend")).Is(200).Text("status"));
        var again = (await server.Admin.PostAsync($"/users/{user.Id}/suspend")).Is(200);
        Assert.Equal(2, again.Version);
        Assert.Equal(3, (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "Grace" }""")).Is(200).Version);
        Assert.Equal("active", (await server.Admin.PostAsync($"/users/{user.Id}/reactivate")).Is(200).Text("status"));
        Assert.Equal(4, (await server.Admin.PostAsync($"/users/{user.Id}/reactivate")).Is(200).Version);
    }
}
