using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Roster.Core.Ids;
using Roster.Core.Keys;
using Roster.Core.Storage;
using Xunit;

namespace Roster.Tests.Api.Endpoints;

public sealed class EndpointTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string[] AllScopes = ["users:read", "users:write", "posts:read", "posts:write", "events:read", "admin"];

    public static TheoryData<string> Every => [.. EndpointTable.All.Select(endpoint => endpoint.ToString())];

    public static TheoryData<string> Guarded =>
        [.. EndpointTable.All.Where(endpoint => endpoint.Scope is not null).Select(endpoint => endpoint.ToString())];

    public static TheoryData<string> OfOneScope =>
        [.. EndpointTable.All.Where(endpoint => endpoint is { Scope: not null, IsByField: false }).Select(endpoint => endpoint.ToString())];

    [Fact]
    public void Every_endpoint_is_in_the_table()
    {
        var served = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["ANY"])
                .Select(method => $"{method} {route.RoutePattern.RawText}"))
            .Select(name => name switch
            {
                "DELETE /keys/{id}" => "DELETE /keys/{key}",
                "GET /schemas/{name}" => "GET /schemas/roster.user.signedUp.v1",
                "GET /docs/{file}" => "GET /docs/page.js",
                _ => name.Replace("/posts/{id}", "/posts/{post}", StringComparison.Ordinal),
            });
        Assert.Equal(
            EndpointTable.All.Select(endpoint => endpoint.ToString()).Order(StringComparer.Ordinal),
            served.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task A_good_request_works_with_the_scope_alone(string name)
    {
        var endpoint = EndpointTable.Find(name);
        using var client = endpoint.Scope is { } scope ? await server.WithScopesAsync(scope) : server.With(null);
        await TryAsync(client, endpoint, endpoint.Happy);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task A_trailing_slash_makes_no_difference(string name)
    {
        var endpoint = EndpointTable.Find(name);
        await TryAsync(server.Admin, endpoint, endpoint.Happy with { Path = endpoint.Pattern + "/" });
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task An_invalid_request_is_a_problem(string name)
    {
        var endpoint = EndpointTable.Find(name);
        foreach (var trial in endpoint.Invalid)
        {
            (await TryAsync(server.Admin, endpoint, trial)).IsWellFormedProblem();
        }
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task A_conflicting_request_is_refused(string name)
    {
        var endpoint = EndpointTable.Find(name);
        foreach (var trial in endpoint.Conflicting)
        {
            var answer = await TryAsync(server.Admin, endpoint, trial);
            if (trial.Status >= 400)
            {
                answer.IsWellFormedProblem();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task Nobody_gets_in_without_a_valid_key(string name)
    {
        var endpoint = EndpointTable.Find(name);
        var revoked = await server.NewKeyAsync("admin");
        (await server.Admin.DeleteAsync($"/keys/{revoked.Id}")).Is(204);
        string?[] keys = [null, "x", "rk_", server.AdminKey[..^1], server.AdminKey + "x", Changed(server.AdminKey), await ExpiredKeyAsync(), revoked.Secret];
        foreach (var key in keys)
        {
            using var client = server.With(key);
            var answer = await TryAsync(client, endpoint, endpoint.Happy with { Status = 401 });
            answer.IsProblem(401, "unauthenticated");
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(OfOneScope))]
    public async Task All_other_scopes_together_are_not_enough(string name)
    {
        var endpoint = EndpointTable.Find(name);
        using var client = await server.WithScopesAsync([.. AllScopes.Where(scope => scope != endpoint.Scope && scope != "admin")]);
        var answer = await TryAsync(client, endpoint, endpoint.Happy with { Status = 403 });
        answer.IsProblem(403, "missing-scope");
        Assert.Contains($"scope=\"{endpoint.Scope}\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    private async Task<Answer> TryAsync(ApiClient client, TestedEndpoint endpoint, Trial trial)
    {
        var owner = await server.Admin.SignUpAsync();
        var used = $"used-{owner.Id}";
        var user = await server.Admin.SignUpAsync();
        (await server.Admin.PatchAsync($"/users/{user.Id}", """{ "attributes": {} }""", ("Idempotency-Key", used))).Is(200);
        var post = await server.Admin.PublishAsync(user.Id);
        var key = (await server.NewKeyAsync("users:read")).Id;
        string Fill(string text) => text
            .Replace("{id}", user.Id, StringComparison.Ordinal).Replace("{email}", ApiClient.NewEmail(), StringComparison.Ordinal)
            .Replace("{taken}", owner.Text("email"), StringComparison.Ordinal).Replace("{key}", key, StringComparison.Ordinal).Replace("{post}", post.Id, StringComparison.Ordinal)
            .Replace("{used}", used, StringComparison.Ordinal);

        (string Name, string Value)[] headers = trial.Header?.Split(": ", 2) is [var name, var value] ? [(name, Fill(value))] : [];
        var answer = await client.SendAsync(
            endpoint.Method, Fill(trial.Path ?? endpoint.Pattern), trial.Body is null ? null : Fill(trial.Body), headers);
        return answer.Is(trial.Status);
    }

    private async Task<string> ExpiredKeyAsync()
    {
        var (id, secretHash, token) = KeyToken.Create();
        var expired = new ApiKey
        {
            Id = id,
            Tenant = TenantId.Default,
            Name = "expired",
            Scopes = ["admin"],
            SecretHash = secretHash,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
        };
        Assert.True(await server.Services.GetRequiredService<IControlStore>().AddKeyAsync(expired, CancellationToken.None));
        await server.Services.GetRequiredService<KeyRing>().RefreshAsync(CancellationToken.None);
        return token;
    }

    private static string Changed(string key) => key[..^1] + (key[^1] == 'A' ? 'Q' : 'A');
}
