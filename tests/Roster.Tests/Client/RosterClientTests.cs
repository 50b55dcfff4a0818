using System.Text.Json.Nodes;
using Roster.Client;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Client;

public sealed class RosterClientTests : IClassFixture<RunningServer>, IDisposable
{
    private readonly RunningServer server;
    private readonly RosterClient client;

    public RosterClientTests(RunningServer server) => (this.server, client) = (server, new RosterClient(server.Url, server.AdminKey));

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task A_user_is_signed_up_changed_and_deleted()
    {
        var email = ApiClient.NewEmail();
        var made = await client.RegisterUserAsync(new NewUser("Ada", email, new JsonObject { ["plan"] = "pro", ["age"] = 36 }));
        Assert.Equal(("Ada", email, "active", 1L), (made.Name, made.Email, made.Status, made.Version));

        var renamed = await client.ChangeUserAsync(made.Id, new UserPatch { Name = "Grace" }, ifVersion: 1);
        Assert.Equal(("Grace", 2L, 2), (renamed.Name, renamed.Version, renamed.Attributes.Count));
        Assert.Equal("suspended", (await client.SuspendUserAsync(made.Id)).Status);
        Assert.Equal("active", (await client.ReactivateUserAsync(made.Id)).Status);
        Assert.Equal("Ada", (await client.GetUserAsync(made.Id, version: 1)).Name);
        Assert.Equal("Ada", (await client.GetUserAsync(made.Id, at: made.UpdatedAt)).Name);
        Assert.Equal(4, (await client.GetUserAsync(made.Id)).Version);

        var events = await client.GetHistoryAsync(made.Id, pageSize: 3).ToListAsync();
        Assert.Equal(["signedUp", "profileChanged", "suspended", "reactivated"], events.Select(one => one.Type.Split('.')[2]));
        Assert.Equal("Grace", events[1].Data.Name);

        await client.DeleteUserAsync(made.Id, ifVersion: 4);
        using var reader = new RosterClient(server.Url, (await server.NewKeyAsync("users:read")).Secret);
        var gone = await Assert.ThrowsAsync<RosterException>(() => reader.GetUserAsync(made.Id));
        Assert.Equal((404, "urn:roster:problem:not-found"), (gone.Status, gone.Type));
        Assert.NotNull((await client.GetUserAsync(made.Id)).DeletedAt);
    }

    [Fact]
    public async Task A_patch_tells_what_is_not_set_from_null()
    {
        var user = await client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail(), new JsonObject { ["a"] = 1, ["b"] = 2 }));
        var same = await client.ChangeUserAsync(user.Id, new UserPatch());
        Assert.Equal((1L, 2), (same.Version, same.Attributes.Count));
        var less = await client.ChangeUserAsync(user.Id, new UserPatch { Attributes = new(new JsonObject { ["a"] = null }) });
        Assert.Equal("""{"b":2}""", less.Attributes.ToJsonString());
        var none = await client.ChangeUserAsync(user.Id, new UserPatch { Attributes = new(null) });
        Assert.Empty(none.Attributes);
    }

    [Fact]
    public async Task A_list_follows_its_links_to_the_end()
    {
        var prefix = $"Léa {ApiClient.NewEmail()[..^12]} ";
        for (var i = 0; i < 7; i++)
        {
            await client.RegisterUserAsync(new NewUser($"{prefix}{i}", ApiClient.NewEmail()));
        }

        var found = await client.ListUsersAsync(new UserFilter { NamePrefix = prefix, Status = "active" }, pageSize: 3).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"{prefix}{i}"), found.Select(user => user.Name));
        Assert.Equal(found[2].Id, (await client.ListUsersAsync(new UserFilter { Email = found[2].Email }).ToListAsync()).Single().Id);
        var nobody = new Guid("01890a5d-ac96-774b-bcce-b302099a8057");
        var many = await client.GetUsersAsync([found[0].Id, nobody]);
        Assert.Equal((found[0].Id, nobody.ToString()), (many.Users.Single().Id, many.Missing.Single()));
    }

    [Fact]
    public async Task What_is_refused_is_an_exception_with_all_that_the_server_said()
    {
        var user = await client.RegisterUserAsync(new NewUser("Ada", ApiClient.NewEmail()));
        var taken = await Assert.ThrowsAsync<RosterException>(() => client.RegisterUserAsync(new NewUser("Eve", user.Email)));
        Assert.Equal((409, "urn:roster:problem:email-taken"), (taken.Status, taken.Type));
        var stale = await Assert.ThrowsAsync<RosterException>(() => client.ChangeUserAsync(user.Id, new UserPatch { Name = "E" }, ifVersion: 9));
        Assert.Equal("urn:roster:problem:version-mismatch", stale.Type);
        var invalid = await Assert.ThrowsAsync<RosterException>(() => client.RegisterUserAsync(new NewUser("", "x")));
        Assert.Equal(["email", "name"], invalid.Problem.Errors!.Keys.Order());
        Assert.Equal(32, invalid.Problem.TraceId.Length);
        using var stranger = new RosterClient(server.Url, "rk_wrong");
        Assert.Equal(401, (await Assert.ThrowsAsync<RosterException>(() => stranger.ListKeysAsync())).Status);
    }

    [Fact]
    public async Task Keys_are_made_listed_and_revoked()
    {
        var made = await client.CreateKeyAsync(new NewKey("for a test", ["users:read"], DateTimeOffset.MaxValue.AddYears(-1000)));
        Assert.StartsWith("rk_", made.Secret, StringComparison.Ordinal);
        Assert.Null((await client.ListKeysAsync()).Single(key => key.Id == made.Id).Secret);
        await client.RevokeKeyAsync(made.Id);
        Assert.DoesNotContain(await client.ListKeysAsync(), key => key.Id == made.Id);
    }

    [Fact]
    public async Task Many_users_are_imported_answered_in_order_and_exported_again()
    {
        var before = await client.ExportUsersAsync().CountAsync();
        var users = Enumerable.Range(0, 5_000).Select(i => new NewUser(i == 17 ? "" : $"N {i}", $"client-import{i}@example.com")).ToList();

        var lines = await client.ImportUsersAsync(users.ToAsyncEnumerable()).ToListAsync();

        Assert.Equal(Enumerable.Range(1, 5_000).Select(i => (long)i), lines.Select(line => line.Line));
        Assert.Equal(17, lines.FindIndex(line => line.Result == "invalid" && line.Errors!.ContainsKey("name")));
        Assert.Equal(4_999, lines.Count(line => line is { Result: "created", Id: not null }));
        Assert.True(await client.ExportUsersAsync().CountAsync() >= before + 4_999);
        Assert.All(await client.ImportUsersAsync(users.Take(5).ToAsyncEnumerable()).ToListAsync(), line => Assert.Equal("exists", line.Result));
    }

    [Fact]
    public async Task Health_metrics_and_the_document_are_there()
    {
        Assert.Equal("ok", (await client.GetLivenessAsync()).Status);
        Assert.Empty((await client.GetReadinessAsync()).Problems);
        Assert.Equal("ok", (await client.GetHealthAsync()).Status);
        Assert.Contains("# TYPE", await client.GetMetricsAsync(), StringComparison.Ordinal);
        Assert.StartsWith("{", await client.GetOpenApiAsync(), StringComparison.Ordinal);
        Assert.Contains("urn:roster:schema", await client.GetSchemaAsync("roster.user.signedUp.v1"), StringComparison.Ordinal);
    }
}
