namespace Roster.Tests.Api.Endpoints;

/// <summary>Every endpoint with what it must answer. A route that is not here fails a test.</summary>
public static class EndpointTable
{
    private const string Long = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Nobody = "/users/01890a5d-ac96-774b-bcce-b302099a8057";
    private const string NoPost = "/posts/01890a5d-ac96-774b-bcce-b302099a8057";
    private static readonly Trial KeyTooLong = new(400, Header: $"Idempotency-Key: {Long}");
    private static readonly Trial KeyReused = new(422, Header: "Idempotency-Key: {used}");

    public static IReadOnlyList<TestedEndpoint> All { get; } =
    [
        new("POST", "/users", "users:write")
        {
            Happy = new(201, Body: """{ "name": "Ada", "email": "{email}" }"""),
            Invalid = [new(422, Body: """{ "name": "", "email": "{email}" }"""), new(400, Body: """{ "name": 1 }"""), new(400)],
            Conflicting = [new(409, Body: """{ "name": "Ada", "email": "{taken}" }""")],
        },
        new("GET", "/users", "users:read")
        {
            Happy = new(200),
            Invalid = [new(422, "/users?limit=0"), new(400, "/users?limit=x"), new(400, "/users?after=x"), new(422, "/users?status=x"), new(422, "/users?include=x")],
        },
        new("POST", "/users/import", "users:write")
        {
            Happy = new(200, Body: """{ "name": "Ada", "email": "{email}" }""", Header: "Content-Type: application/x-ndjson"),
            Invalid = [new(415, Body: "{}")],
        },
        new("GET", "/users/export", "users:read") { Happy = new(200) },
        new("POST", "/users:get", "users:read")
        {
            Happy = new(200, Body: """{ "ids": ["{id}"] }"""),
            Invalid = [new(422, Body: "{}"), new(400, Body: """{ "ids": [1] }"""), new(400)],
        },
        new("GET", "/users/{id}", "users:read")
        {
            Happy = new(200),
            Invalid = [new(404, Nobody), new(404, "/users/1"), new(400, "/users/{id}?version=x"), new(400, "/users/{id}?at=x")],
            Conflicting = [new(304, Header: "If-None-Match: \"1\"")],
        },
        new("PATCH", "/users/{id}", "users:write")
        {
            Happy = new(200, Body: """{ "name": "Grace" }"""),
            Invalid = [new(404, Nobody, "{}"), new(422, Body: """{ "name": null }"""), new(400, Body: "[]"), KeyTooLong with { Body = "{}" }],
            Conflicting =
            [
                new(409, Body: """{ "email": "{taken}" }"""),
                new(412, Body: """{ "name": "Grace" }""", Header: "If-Match: \"9\""),
                KeyReused with { Body = "{}" },
            ],
        },
        new("DELETE", "/users/{id}", "users:write")
        {
            Happy = new(204),
            Invalid = [new(404, Nobody), new(400, Header: "If-Match: 1"), KeyTooLong],
            Conflicting = [new(412, Header: "If-Match: \"9\""), KeyReused],
        },
        new("POST", "/users/{id}/suspend", "users:write")
        {
            Happy = new(200),
            Invalid = [new(404, $"{Nobody}/suspend"), KeyTooLong],
            Conflicting = [KeyReused],
        },
        new("POST", "/users/{id}/reactivate", "users:write")
        {
            Happy = new(200),
            Invalid = [new(404, $"{Nobody}/reactivate"), KeyTooLong],
            Conflicting = [KeyReused],
        },
        new("GET", "/users/{id}/history", "users:read")
        {
            Happy = new(200),
            Invalid = [new(404, $"{Nobody}/history"), new(422, "/users/{id}/history?limit=501"), new(400, "/users/{id}/history?after=x")],
        },
        new("POST", "/users/{id}/posts", "posts:write")
        {
            Happy = new(201, Body: """{ "text": "Hello" }"""),
            Invalid =
            [
                new(404, $"{Nobody}/posts", """{ "text": "Hello" }"""), new(404, "/users/1/posts", """{ "text": "Hello" }"""), new(422, Body: "{}"),
                new(422, Body: """{ "text": "" }"""), new(400, Body: """{ "text": 1 }"""), new(400), new(415, Body: "{}", Header: "Content-Type: text/plain"),
            ],
            Conflicting = [KeyReused with { Body = """{ "text": "Hello" }""" }],
        },
        new("GET", "/users/{id}/posts", "posts:read")
        {
            Happy = new(200),
            Invalid = [new(404, $"{Nobody}/posts"), new(404, "/users/1/posts"), new(422, "/users/{id}/posts?limit=501"), new(400, "/users/{id}/posts?after=x")],
        },
        new("GET", "/posts/{post}", "posts:read")
        {
            Happy = new(200),
            Invalid = [new(404, NoPost), new(404, "/posts/1"), new(400, Header: "If-None-Match: 1")],
            Conflicting = [new(304, Header: "If-None-Match: \"1\"")],
        },
        new("PATCH", "/posts/{post}", "posts:write")
        {
            Happy = new(200, Body: """{ "text": "Hello again" }"""),
            Invalid =
            [
                new(404, NoPost, "{}"), new(404, "/posts/1", "{}"), new(422, Body: """{ "text": null }"""), new(422, Body: """{ "userId": "{id}" }"""),
                new(400, Body: "[]"), KeyTooLong with { Body = "{}" }, new(415, Body: "{}", Header: "Content-Type: text/plain"),
            ],
            Conflicting = [new(412, Body: """{ "text": "x" }""", Header: "If-Match: \"9\""), KeyReused with { Body = "{}" }],
        },
        new("DELETE", "/posts/{post}", "posts:write")
        {
            Happy = new(204),
            Invalid = [new(404, NoPost), new(404, "/posts/1"), new(400, Header: "If-Match: 1"), KeyTooLong],
            Conflicting = [new(412, Header: "If-Match: \"9\""), KeyReused],
        },
        new("GET", "/events", "events:read")
        {
            Happy = new(200),
            Invalid =
            [
                new(400, "/events?after=x"), new(400, Header: "Last-Event-ID: x"), new(422, "/events?types=x"), new(422, "/events?types="),
                new(404, "/events?userId=1"), new(400, "/events?after=0&after=0"),
            ],
        },
        new("POST", "/events/tickets", "events:read") { Happy = new(201) },
        new("POST", "/keys", "admin")
        {
            Happy = new(201, Body: """{ "name": "k", "scopes": ["users:read"] }"""),
            Invalid = [new(422, Body: """{ "name": "k", "scopes": ["users:eat"] }"""), new(400, Body: """{ "name": "k", "scopes": "admin" }""")],
        },
        new("GET", "/keys", "admin") { Happy = new(200) },
        new("DELETE", "/keys/{key}", "admin") { Happy = new(204), Invalid = [new(404, "/keys/nope")] },
        new("GET", "/events/parked", "admin")
        {
            Happy = new(200),
            Invalid = [new(422, "/events/parked?limit=0"), new(400, "/events/parked?after=x")],
        },
        new("POST", "/events/parked/retry", "admin")
        {
            Happy = new(200, Body: """{ "consumer": "sign-up-mail" }"""),
            Invalid = [new(422, Body: "{}"), new(422, Body: """{ "consumer": "x", "userId": "1" }"""), new(400, Body: """{ "consumer": 1 }"""), new(400)],
        },
        new("POST", "/graphql", "users:read")
        {
            IsByField = true,
            Happy = new(200, Body: """{ "query": "{ user(id: \"{id}\") { name } }" }"""),
            Invalid = [new(400), new(400, Body: "[]"), new(400, Body: """{ "query": 1 }"""), new(415, Body: "{}", Header: "Content-Type: text/plain"), KeyTooLong with { Body = "{}" }],
        },
        new("GET", "/livez", null) { Happy = new(200) },
        new("GET", "/readyz", null) { Happy = new(200) },
        new("GET", "/healthz", null) { Happy = new(200) },
        new("GET", "/metrics", "admin") { Happy = new(200) },
        new("GET", "/openapi/v1.json", null) { Happy = new(200) },
        new("GET", "/docs", null) { Happy = new(200), Invalid = [new(400, Header: "If-None-Match: x")] },
        new("GET", "/docs/graphql", null) { Happy = new(200), Invalid = [new(400, Header: "If-None-Match: x")] },
        new("GET", "/docs/page.js", null) { Happy = new(200), Invalid = [new(404, "/docs/nope")] },
        new("GET", "/schemas/roster.user.signedUp.v1", null) { Happy = new(200), Invalid = [new(404, "/schemas/nope"), new(404, "/schemas/published")] },
    ];

    public static TestedEndpoint Find(string name) => All.Single(endpoint => endpoint.ToString() == name);
}
