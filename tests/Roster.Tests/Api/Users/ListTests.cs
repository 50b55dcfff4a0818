using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class ListTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Paging_visits_everybody_once_in_the_order_of_ids()
    {
        await using var own = await RunningServer.StartAsync();
        var ids = (await Task.WhenAll(Enumerable.Range(0, 53).Select(_ => own.Admin.SignUpAsync()))).Select(made => made.Id);
        foreach (var limit in (int[])[1, 7, 53, 500])
        {
            Assert.Equal(ids.Order(StringComparer.Ordinal), await AllAsync(own.Admin, $"/users?limit={limit}"));
        }

        Assert.Equal(50, (await own.Admin.GetAsync("/users")).Items.Count);
        Assert.Equal(ids.Order(StringComparer.Ordinal), await AllAsync(own.Admin, "/users/"));
    }

    [Fact]
    public async Task Names_are_found_by_prefix_whatever_their_case_in_the_order_of_folded_names()
    {
        string[] names = ["Zoë One", "ZOE\u0308 two", "zoë three", "ZOË", "Zoe", "zoëa", "Zo"];
        foreach (var name in names)
        {
            await server.Admin.SignUpAsync(name);
        }

        foreach (var prefix in (string[])["zoë", "ZOË", "zoe\u0308"])
        {
            var found = await AllAsync(server.Admin, $"/users?limit=2&namePrefix={Uri.EscapeDataString(prefix)}", "name");
            Assert.Equal(["ZOË", "Zoë One", "zoë three", "ZOE\u0308 two", "zoëa"], found);
        }

        Assert.Equal(7, (await AllAsync(server.Admin, "/users?limit=3&namePrefix=zO")).Count);
        Assert.Empty(await AllAsync(server.Admin, "/users?namePrefix=zoe%25"));
    }

    [Fact]
    public async Task Equal_names_are_paged_without_loss()
    {
        var ids = (await Task.WhenAll(Enumerable.Range(0, 9).Select(_ => server.Admin.SignUpAsync("Same Name")))).Select(made => made.Id);
        Assert.Equal(ids.Order(StringComparer.Ordinal), await AllAsync(server.Admin, "/users?limit=2&namePrefix=same%20name"));
    }

    [Fact]
    public async Task The_longest_names_make_cursors_that_work()
    {
        var name = string.Concat(Enumerable.Repeat("\U0001D160", 200));
        await server.Admin.SignUpAsync(name);
        await server.Admin.SignUpAsync(name);
        Assert.Equal(2, (await AllAsync(server.Admin, $"/users?limit=1&namePrefix={Uri.EscapeDataString("\U0001D160")}")).Count);
    }

    [Fact]
    public async Task Filters_hold_together()
    {
        var (email, name) = (ApiClient.NewEmail(), $"Filtered {ApiClient.NewEmail()}");
        var user = await server.Admin.SignUpAsync(name, email);
        (await server.Admin.PostAsync($"/users/{user.Id}/suspend")).Is(200);
        var prefix = Uri.EscapeDataString(name);
        foreach (var (query, count) in ((string, int)[])
        [
            ($"email={email}", 1), ($"email=%20{email.ToUpperInvariant()}", 1), ($"email={email}&status=suspended", 1),
            ($"email={email}&status=active", 0), ($"email={email}&namePrefix=filtered", 1), ($"email={email}&namePrefix=x", 0),
            ("email=nobody@example.com", 0), ("email=nonsense", 0), ($"namePrefix={prefix}&status=suspended", 1), ($"namePrefix={prefix}&status=active", 0),
        ])
        {
            Assert.Equal(count, (await server.Admin.GetAsync($"/users?{query}")).Is(200).Items.Count);
        }
    }

    [Fact]
    public async Task A_cursor_fits_only_the_list_it_came_from()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => server.Admin.SignUpAsync("Cursor")));
        await server.Admin.PatchAsync($"/users/{ids[0].Id}", """{ "name": "Cursor B" }""");
        var byId = Cursor(await server.Admin.GetAsync("/users?limit=1"));
        var byName = Cursor(await server.Admin.GetAsync("/users?limit=1&namePrefix=cursor"));
        var history = Cursor(await server.Admin.GetAsync($"/users/{ids[0].Id}/history?limit=1"));
        (await server.Admin.GetAsync($"/users?limit=2&after={byId}")).Is(200);
        foreach (var path in (string[])
        [
            $"/users?status=active&after={byId}", $"/users?namePrefix=cursor&after={byId}", $"/users?namePrefix=&after={byId}", $"/users?email=a@b.de&after={byId}",
            $"/users?after={byName}", $"/users?namePrefix=curso&after={byName}", $"/users?after={history}",
            $"/users/{ids[0].Id}/history?after={byId}", $"/users/{ids[1].Id}/history?after={history}",
            "/users?after=", "/users?after=0", "/users?after=%F0%9F%98%80", $"/users?after={byId}A", $"/users?after={byId[..^2]}",
            $"/users?after={new string('A', 5000)}", "/users?after=AAAA", $"/users?after={byId}%0A", $"/users?after={ids[0].Id}",
        ])
        {
            (await server.Admin.GetAsync(path)).IsProblem(400, "bad-cursor");
        }
    }

    [Fact]
    public async Task A_page_that_ends_the_list_has_no_link()
    {
        await server.Admin.SignUpAsync("Lonely");
        Assert.Null((await server.Admin.GetAsync("/users?limit=1&namePrefix=lonely")).Header("Link"));
    }

    private static string Cursor(Answer page) => page.Is(200).Next!.Split("after=")[1];

    private static async Task<IReadOnlyList<string>> AllAsync(ApiClient client, string path, string field = "id") =>
        [.. (await client.AllAsync(path)).Select(item => item.GetProperty(field).GetString()!)];
}
