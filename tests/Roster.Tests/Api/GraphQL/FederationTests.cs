using System.Net.Http.Json;
using System.Text.Json;
using Roster.Lab;
using Roster.Lab.Gateway;
using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Api.GraphQL;

/// <summary>A real gateway over a running server and the example subgraph.</summary>
public sealed class FederationTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string Packages = Path.Combine(Sources.Root, "artifacts", "npm", "federation");
    private static readonly string SchemaFile = Path.Combine(Sources.Root, "src", "Roster.Api", "GraphQL", "schema.graphql");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_schema_that_is_served_is_the_one_checked_in()
    {
        var served = (await server.Admin.DataAsync("{ _service { sdl } }")).At("_service", "sdl").GetString();
        Assert.Equal(await File.ReadAllTextAsync(SchemaFile, Cancellation), served);
    }

    [Fact]
    public async Task Composition_takes_the_schema_and_refuses_one_that_does_not_fit()
    {
        await FederationGateway.ComposeAsync(Packages, SchemaFile);
        var broken = Path.Combine(server.Folder, "broken.graphql");
        await File.WriteAllTextAsync(broken, (await File.ReadAllTextAsync(SchemaFile, Cancellation)).Replace("type User @key(fields: \"id\")", "type User", StringComparison.Ordinal), Cancellation);
        await Assert.ThrowsAsync<LabException>(() => FederationGateway.ComposeAsync(Packages, broken));
    }

    [Fact]
    public async Task A_gateway_asks_both_subgraphs_and_what_is_missing_is_null()
    {
        var ada = await server.Admin.SignUpAsync("Ada");
        await server.Admin.PublishAsync(ada.Id, "Hello");
        var badges = JsonSerializer.Serialize(new[] { new { name = "founder", userId = ada.Id }, new { name = "ghost", userId = "01890a5d-ac96-774b-bcce-b302099a8057" } });
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, "gateway")).FullName;
        await using var gateway = await FederationGateway.StartAsync(folder, Packages, server.Url, server.AdminKey, badges, Cancellation);

        var both = await AskAsync(gateway, server.AdminKey, $$"""{ user(id: "{{ada.Id}}") { name badges { name } posts { nodes { text author { badges { name } } } } } badge(name: "founder") { holder { email } } }""");
        Assert.Equal("founder", both.At("data", "user", "badges", 0, "name").GetString());
        Assert.Equal("founder", both.At("data", "user", "posts", "nodes", 0, "author", "badges", 0, "name").GetString());
        Assert.Equal(ada.Text("email"), both.At("data", "badge", "holder", "email").GetString());

        var missing = await AskAsync(gateway, server.AdminKey, """{ founder: badge(name: "founder") { name holder { id badges { name } } } ghost: badge(name: "ghost") { name holder { id } } user(id: "x") { name } }""");
        Assert.False(missing.TryGetProperty("errors", out _), missing.ToString());
        Assert.Equal(JsonValueKind.Null, missing.At("data", "user").ValueKind);

        var ghost = await AskAsync(gateway, server.AdminKey, """{ founder: badge(name: "founder") { holder { name } } ghost: badge(name: "ghost") { holder { name } } }""");
        Assert.Equal("Ada", ghost.At("data", "founder", "holder", "name").GetString());
        Assert.Equal(JsonValueKind.Null, ghost.At("data", "ghost", "holder").ValueKind);

        var (_, reader) = await server.NewKeyAsync("posts:read");
        var refused = await AskAsync(gateway, reader, """{ badge(name: "founder") { name } users { nodes { name } } }""");
        Assert.NotEqual(0, refused.GetProperty("errors").GetArrayLength());
    }

    private static async Task<JsonElement> AskAsync(FederationGateway gateway, string key, string query)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var answer = await http.PostAsJsonAsync(gateway.Url, new { query }, Cancellation);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
