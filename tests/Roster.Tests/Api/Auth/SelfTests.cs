using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Roster.Api.Auth;
using Xunit;

namespace Roster.Tests.Api.Auth;

public sealed class SelfTests(BelievingServer fixture) : IClassFixture<BelievingServer>
{
    private const string Unknown = "01890a5d-ac96-774b-bcce-b302099a8057";

    private readonly IdentityProvider issuer = fixture.Issuer;
    private readonly RunningServer server = fixture.Server;

    /// <summary>Requests for one user that a bound caller may make, with what its own user answers.</summary>
    public static TheoryData<string, string, string?, int> OwnRequests => new()
    {
        { "GET", "", null, 200 },
        { "GET", "?version=1", null, 200 },
        { "GET", "?at=2999-01-01T00:00:00Z", null, 200 },
        { "GET", "/history", null, 200 },
        { "PATCH", "", """{ "name": "Grace" }""", 200 },
        { "PATCH", "", """{ "name": "" }""", 422 },
        { "DELETE", "", null, 204 },
    };

    [Theory]
    [MemberData(nameof(OwnRequests))]
    public async Task A_bound_caller_reaches_its_own_user(string method, string rest, string? body, int status)
    {
        var user = await server.Admin.SignUpAsync();
        using var self = server.With(issuer.TokenOf(user.Id));
        (await self.SendAsync(method, $"/users/{user.Id}{rest}", body)).Is(status);
    }

    [Theory]
    [MemberData(nameof(OwnRequests))]
    public async Task Another_user_cannot_be_told_from_an_unknown_one(string method, string rest, string? body, int status)
    {
        Assert.NotEqual(404, status);
        var (own, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        var gone = await server.Admin.SignUpAsync();
        (await server.Admin.DeleteAsync($"/users/{gone.Id}")).Is(204);
        using var self = server.With(issuer.TokenOf(own.Id));
        var unknown = (await self.SendAsync(method, $"/users/{Unknown}{rest}", body)).IsProblem(404, "not-found");
        foreach (var id in (string[])[other.Id, gone.Id])
        {
            var answer = await self.SendAsync(method, $"/users/{id}{rest}", body);
            Assert.Equal(WithoutTrace(unknown), WithoutTrace(answer));
            Assert.Equal(NamesOf(unknown), NamesOf(answer));
            var conditional = await self.SendAsync(method, $"/users/{id}{rest}", body, ("If-Match", "\"9\""), ("If-None-Match", "\"1\""), ("Idempotency-Key", "k"));
            Assert.Equal(WithoutTrace(unknown), WithoutTrace(conditional));
        }

        Assert.Equal(1, (await server.Admin.GetAsync($"/users/{other.Id}")).Is(200).Version);
    }

    [Theory]
    [InlineData("GET", "/users")]
    [InlineData("POST", "/users")]
    [InlineData("POST", "/users:get")]
    [InlineData("POST", "/users/import")]
    [InlineData("GET", "/users/export")]
    [InlineData("POST", "/users/{id}/suspend")]
    [InlineData("POST", "/users/{id}/reactivate")]
    [InlineData("GET", "/keys")]
    [InlineData("POST", "/keys")]
    [InlineData("DELETE", "/keys/{id}")]
    [InlineData("GET", "/metrics")]
    public async Task A_bound_caller_may_nothing_else(string method, string pattern)
    {
        var user = await server.Admin.SignUpAsync();
        using var self = server.With(issuer.TokenOf(user.Id));
        (await self.SendAsync(method, pattern.Replace("{id}", user.Id, StringComparison.Ordinal), method == "POST" ? "{}" : null))
            .IsProblem(403, "missing-scope");
    }

    [Fact]
    public void Endpoints_that_a_bound_caller_may_use_are_those_of_one_user_or_post() => Assert.All(
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Access>()!.AllowsSelf),
        endpoint => Assert.Matches("^/((users|posts)/{id}(/history|/posts)?|events(/tickets)?)$", endpoint.RoutePattern.RawText));

    [Fact]
    public async Task A_broader_scope_is_not_bound_where_it_is_enough()
    {
        var (own, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        using var both = server.With(issuer.TokenOf(own.Id, "self users:read"));
        (await both.GetAsync($"/users/{other.Id}")).Is(200);
        (await both.GetAsync("/users")).Is(200);
        (await both.PatchAsync($"/users/{own.Id}", """{ "name": "Grace" }""")).Is(200);
        (await both.PatchAsync($"/users/{other.Id}", """{ "name": "Grace" }""")).IsProblem(404, "not-found");
        (await both.DeleteAsync($"/users/{other.Id}")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task A_deleted_user_is_gone_for_itself_too()
    {
        var user = await server.Admin.SignUpAsync();
        using var self = server.With(issuer.TokenOf(user.Id));
        (await self.DeleteAsync($"/users/{user.Id}", ("Idempotency-Key", "bye"))).Is(204);
        (await self.DeleteAsync($"/users/{user.Id}", ("Idempotency-Key", "bye"))).Is(204);
        foreach (var rest in (string[])["", "?version=1", "/history"])
        {
            (await self.GetAsync($"/users/{user.Id}{rest}")).IsProblem(404, "not-found");
        }
    }

    [Fact]
    public async Task An_answer_that_a_broader_token_got_is_not_repeated_to_a_bound_one()
    {
        var (own, other) = (await server.Admin.SignUpAsync(), await server.Admin.SignUpAsync());
        using var broad = server.With(issuer.TokenOf(own.Id, "users:write"));
        using var bound = server.With(issuer.TokenOf(own.Id));
        var key = ("Idempotency-Key", "once");
        (await broad.PatchAsync($"/users/{other.Id}", """{ "name": "Grace" }""", key)).Is(200);
        (await bound.PatchAsync($"/users/{other.Id}", """{ "name": "Grace" }""", key)).IsProblem(404, "not-found");
        (await broad.PatchAsync($"/users/{other.Id}", """{ "name": "Grace" }""", key)).Is(200);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\"\"")]
    [InlineData("\"me\"")]
    [InlineData("null")]
    [InlineData("[\"{id}\"]")]
    [InlineData("\"{{id}}\"")]
    public async Task Self_without_a_users_id_is_no_scope(string claim)
    {
        var user = await server.Admin.SignUpAsync();
        var claims = issuer.Claims("self");
        claims["roster_user"] = System.Text.Json.Nodes.JsonNode.Parse(claim.Replace("{id}", user.Id, StringComparison.Ordinal));
        using var client = server.With(issuer.Token(claims));
        (await client.GetAsync($"/users/{user.Id}")).IsProblem(403, "missing-scope");
    }

    [Fact]
    public async Task Without_the_setting_no_claim_makes_anybody_itself()
    {
        await using var plain = await issuer.BelievedAsync(settings => settings with
        {
            Auth = settings.Auth with { Jwt = settings.Auth.Jwt! with { UserIdClaim = null } },
        });
        var user = await plain.Admin.SignUpAsync();
        using var client = plain.With(issuer.TokenOf(user.Id));
        (await client.GetAsync($"/users/{user.Id}")).IsProblem(403, "missing-scope");
    }

    [Fact]
    public async Task No_key_can_have_scope_self() => (await server.Admin.PostAsync(
        "/keys", """{ "name": "k", "scopes": ["self"] }""")).IsProblem(422, "invalid", "scopes");

    private static string WithoutTrace(Answer answer) =>
        answer.IsWellFormedProblem().ToString().Split('\n')[1].Replace(answer.Text("traceId"), "", StringComparison.Ordinal);

    private static IEnumerable<string> NamesOf(Answer answer) => answer.Headers.Keys.Order(StringComparer.Ordinal);
}
