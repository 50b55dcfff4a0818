using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class QueryTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("abc", 400)]
    [InlineData("", 400)]
    [InlineData("1.5", 400)]
    [InlineData("1e9", 400)]
    [InlineData("0x10", 400)]
    [InlineData("%D9%A1", 400)]
    [InlineData("99999999999999999999", 400)]
    [InlineData("1&limit=2", 400)]
    [InlineData("%00", 422)]
    [InlineData("0", 422)]
    [InlineData("501", 422)]
    [InlineData("-1", 422)]
    [InlineData("1000000000", 422)]
    [InlineData("9223372036854775807", 422)]
    [InlineData("-9223372036854775808", 422)]
    public async Task An_absurd_limit_is_refused(string limit, int status)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.GetAsync($"/users?limit={limit}")).IsProblem(status);
        (await server.Admin.GetAsync($"/users/{user.Id}/history?limit={limit}")).IsProblem(status);
        (await server.Admin.GetAsync($"/users/{user.Id}/posts?limit={limit}")).IsProblem(status);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("AA==")]
    [InlineData("%2B/")]
    [InlineData("%FF%FE")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("AQAAAAAAAAAA")]
    [InlineData("%F0%9F%98%80")]
    public async Task A_cursor_that_is_none_is_refused_on_every_list(string cursor)
    {
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.GetAsync($"/users?after={cursor}")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users?namePrefix=a&after={cursor}")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users?email=a@example.com&after={cursor}")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users/{user.Id}/history?after={cursor}")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users/{user.Id}/posts?after={cursor}")).IsProblem(400, "bad-cursor");
    }

    [Fact]
    public async Task A_cursor_of_ours_in_another_spelling_or_on_another_list_is_refused()
    {
        var user = await server.Admin.SignUpAsync();
        await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "name": "B" }""")).Is(200);
        var users = (await server.Admin.GetAsync("/users?limit=1")).Next!;
        var history = (await server.Admin.GetAsync($"/users/{user.Id}/history?limit=1")).Next!;
        foreach (var next in (string[])[users, history])
        {
            (await server.Admin.GetAsync(next)).Is(200);
            foreach (var tail in (string[])["%20", "%0A", "=", "%3D%3D", "A", "%00"])
            {
                (await server.Admin.GetAsync(next + tail)).IsProblem(tail == "%00" ? 422 : 400);
            }
        }

        (await server.Admin.GetAsync(users + "&status=active")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users/{user.Id}/history?after={CursorOf(users)}")).IsProblem(400, "bad-cursor");
        (await server.Admin.GetAsync($"/users?after={CursorOf(history)}")).IsProblem(400, "bad-cursor");
    }

    [Fact]
    public async Task The_next_page_of_a_cursor_in_capitals_has_one_cursor()
    {
        await server.Admin.SignUpAsync();
        await server.Admin.SignUpAsync();
        await server.Admin.SignUpAsync();
        var cursor = CursorOf((await server.Admin.GetAsync("/users?limit=1")).Next!);
        (await server.Admin.GetAsync((await server.Admin.GetAsync($"/users?limit=1&AFTER={cursor}")).Next!)).Is(200);
    }

    [Theory]
    [InlineData("version=x", 400)]
    [InlineData("version=", 400)]
    [InlineData("version=1.0", 400)]
    [InlineData("version=99999999999999999999", 400)]
    [InlineData("version=1&version=1", 400)]
    [InlineData("version=0", 404)]
    [InlineData("version=-1", 404)]
    [InlineData("version=9223372036854775807", 404)]
    [InlineData("version=-9223372036854775808", 404)]
    [InlineData("at=x", 400)]
    [InlineData("at=", 400)]
    [InlineData("at=2026-02-30T00:00:00Z", 400)]
    [InlineData("at=10000-01-01T00:00:00Z", 400)]
    [InlineData("at=0001-01-01T00:00:00%2B14:00", 400)]
    [InlineData("at=9999-12-31T23:59:59-14:00", 400)]
    [InlineData("at=0001-01-01T00:00:00Z", 404)]
    [InlineData("at=9999-12-31T23:59:59.9999999Z", 200)]
    [InlineData("version=1&at=2026-01-31T12:00:00Z", 400)]
    [InlineData("version=%00", 422)]
    [InlineData("at=%00", 422)]
    public async Task An_absurd_past_is_refused(string query, int status)
    {
        var answer = await server.Admin.GetAsync($"/users/{(await server.Admin.SignUpAsync()).Id}?{query}");
        if (answer.Is(status).Status >= 400)
        {
            answer.IsProblem(status);
        }
    }

    [Theory]
    [InlineData("status=deleted", 422)]
    [InlineData("status=", 422)]
    [InlineData("status=active&status=active", 400)]
    [InlineData("email=%00", 422)]
    [InlineData("namePrefix=%00", 422)]
    [InlineData("include=x", 422)]
    [InlineData("include=", 422)]
    [InlineData("include=POSTS", 422)]
    [InlineData("include=posts,posts", 422)]
    [InlineData("include=posts&include=posts", 400)]
    public async Task An_absurd_filter_is_refused(string query, int status) =>
        (await server.Admin.GetAsync($"/users?{query}")).IsProblem(status);

    [Theory]
    [InlineData("email=%ED%A0%80")]
    [InlineData("email=@")]
    [InlineData("namePrefix=%FF%FE")]
    [InlineData("namePrefix=%ED%A0%80")]
    [InlineData("%00=%00")]
    [InlineData("&&&===")]
    public async Task A_filter_that_nobody_fits_is_no_fault(string query) => (await server.Admin.GetAsync($"/users?{query}")).Is(200);

    private static string CursorOf(string next) => next[(next.IndexOf("after=", StringComparison.Ordinal) + 6)..];
}
