using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class RoutingTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("PUT", "/users", "GET, POST")]
    [InlineData("DELETE", "/users", "GET, POST")]
    [InlineData("GET", "/users:get", "POST")]
    [InlineData("PUT", "/users/01890a5d-ac96-774b-bcce-b302099a8057", "DELETE, GET, PATCH")]
    [InlineData("GET", "/users/01890a5d-ac96-774b-bcce-b302099a8057/suspend", "POST")]
    [InlineData("DELETE", "/users/01890a5d-ac96-774b-bcce-b302099a8057/history", "GET")]
    [InlineData("PATCH", "/keys", "GET, POST")]
    [InlineData("GET", "/keys/x", "DELETE")]
    [InlineData("POST", "/livez", "GET")]
    [InlineData("POST", "/metrics", "GET")]
    [InlineData("BREW", "/users", "GET, POST")]
    [InlineData("get", "/keys/x", "DELETE")]
    public async Task Another_method_is_not_allowed_and_the_answer_says_which_are(string method, string path, string allowed)
    {
        var answer = await server.Admin.SendAsync(method, path, null);
        answer.IsProblem(405);
        Assert.Equal(allowed.Split(", "), answer.Header("Allow")!.Split(", ").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/user")]
    [InlineData("/users/a/b/c")]
    [InlineData("/users:GET:x")]
    [InlineData("/users%2Fx")]
    [InlineData("/favicon.ico")]
    [InlineData("/.env")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/%F0%9F%98%80")]
    [InlineData("/%ED%A0%80")]
    [InlineData("/%")]
    public async Task There_is_nothing_at_other_paths(string path) => (await server.Nobody.GetAsync(path)).IsProblem(404);

    [Theory]
    [InlineData("1")]
    [InlineData("me")]
    [InlineData("null")]
    [InlineData("01890a5dac96774bbcceb302099a8057")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a805")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057x")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a805g")]
    [InlineData("0x890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("%2B1890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("%F0%9F%98%80")]
    [InlineData("' OR 1=1--")]
    public async Task What_is_no_UUID_is_no_user_for_any_method(string id)
    {
        var path = "/users/" + id.Replace(" ", "%20", StringComparison.Ordinal);
        foreach (var (method, rest, body) in ((string, string, string?)[])
            [("GET", "", null), ("PATCH", "", "{}"), ("DELETE", "", null), ("POST", "/suspend", null), ("POST", "/reactivate", null), ("GET", "/history", null)])
        {
            (await server.Admin.SendAsync(method, path + rest, body)).IsProblem(404, "not-found");
        }

        (await server.Admin.DeleteAsync("/keys/" + id.Replace(" ", "%20", StringComparison.Ordinal))).IsProblem(404, "not-found");
    }
}
