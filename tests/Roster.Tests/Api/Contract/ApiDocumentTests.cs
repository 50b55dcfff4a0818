using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Roster.Api.Auth;
using Roster.Api.Http;
using Roster.Core.Keys;
using Roster.Core.Users;
using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Api.Contract;

/// <summary>The document says neither less nor more than there is.</summary>
public sealed partial class ApiDocumentTests(RunningServer server) : IClassFixture<RunningServer>
{
    // Any key gets in; its fields name scopes, in its schema.
    private const string ByField = "POST /graphql";

    // What any path and any method can be answered, which no operation lists.
    private static readonly string[] OfNoOperation = ["#/components/responses/NothingThere", "#/components/responses/MethodNotAllowed"];

    private static readonly JsonElement Root = ApiDocument.Served.Root;
    private static readonly JsonSchema Schema = new(Root, closed: true);

    [Fact]
    public async Task What_is_served_is_the_document()
    {
        var answer = (await server.Nobody.GetAsync("/openapi/v1.json")).Is(200);
        Assert.Equal(ApiDocument.Bytes(), answer.Body);
    }

    [Fact]
    public async Task A_reader_of_another_maker_finds_no_fault()
    {
        var read = await OpenApiDocument.LoadAsync(new MemoryStream(ApiDocument.Bytes()), "json", new OpenApiReaderSettings());
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(ApiDocument.Served.Operations.Count(), read.Document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public void Every_endpoint_is_listed_with_its_methods_and_nothing_else_is()
    {
        var served = Routes().Select(route => route.Name).ToList();
        Assert.Equal(
            ApiDocument.Served.Operations.Select(operation => operation.Name).Order(StringComparer.Ordinal),
            served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_names_the_scope_that_its_endpoint_needs()
    {
        var needed = Routes().ToDictionary(route => route.Name, route => route.Needed);
        foreach (var (name, operation) in ApiDocument.Served.Operations.Where(one => one.Name != ByField))
        {
            var scopes = operation.GetProperty("security").EnumerateArray()
                .Select(way => way.EnumerateObject().Single().Value.EnumerateArray().Single().GetString()).Distinct().ToList();
            Assert.True(scopes.SequenceEqual(needed[name] == Scopes.None ? [] : [ScopeNames.NameOf(needed[name])]), $"{name}: {string.Join(',', scopes)}");
            var sentence = scopes.Count == 0 ? "Open: needs no key." : $"Needs the scope `{scopes[0]}`.";
            Assert.EndsWith(sentence, operation.GetProperty("description").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_problem_type_is_listed_can_come_and_is_explained()
    {
        var types = typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal).ToList();
        var listed = TextsOf(ApiDocument.Served.Component("schemas", "Problem").GetProperty("properties").GetProperty("type").GetProperty("enum"));
        Assert.Equal(types, listed.Order(StringComparer.Ordinal));
        var coming = Root.GetProperty("components").GetProperty("responses").EnumerateObject()
            .Where(response => response.Value.TryGetProperty("content", out _))
            .SelectMany(response => TextsOf(response.Value.GetProperty("content").GetProperty("application/problem+json")
                .GetProperty("schema").GetProperty("allOf")[1].GetProperty("properties").GetProperty("type").GetProperty("enum")));
        Assert.Equal(types, coming.Distinct().Order(StringComparer.Ordinal));
        var explained = File.ReadAllText(Path.Combine(Sources.Root, "docs", "errors.md"));
        Assert.All(types, type => Assert.Contains($"`{type}`", explained, StringComparison.Ordinal));
    }

    [Fact]
    public void Limits_and_names_are_those_of_the_rules()
    {
        Assert.Equal(FindUsers.MaxLimit, ApiDocument.Served.Component("parameters", "Limit").GetProperty("schema").GetProperty("maximum").GetInt32());
        Assert.Equal(FindUsers.DefaultLimit, ApiDocument.Served.Component("parameters", "Limit").GetProperty("schema").GetProperty("default").GetInt32());
        Assert.Equal(Core.Requests.IdempotencyKey.MaxLength, ApiDocument.Served.Component("parameters", "IdempotencyKey").GetProperty("schema").GetProperty("maxLength").GetInt32());
        Assert.Equal(UserRules.MaxName, PropertyOf("NewUser", "name", "maxLength"));
        Assert.Equal(UserRules.MaxName, PropertyOf("User", "name", "maxLength"));
        Assert.Equal(GetUsers.MaxIds, PropertyOf("IdList", "ids", "maxItems"));
        Assert.Equal(ManageKeys.MaxName, PropertyOf("NewKey", "name", "maxLength"));
        Assert.Equal(ScopeNames.Known, string.Join(", ", TextsOf(ApiDocument.Served.Component("schemas", "Scope").GetProperty("enum"))));
    }

    [Fact]
    public void Every_component_is_used_and_every_reference_leads_somewhere()
    {
        var references = Reference().Matches(Root.GetRawText()).Select(match => match.Groups["to"].Value).ToHashSet();
        Assert.All(references, reference => Schema.Resolve(JsonElement.Parse($$"""{ "$ref": "{{reference}}" }""")));
        var components = Root.GetProperty("components").EnumerateObject().Where(kind => kind.Name != "securitySchemes")
            .SelectMany(kind => kind.Value.EnumerateObject().Select(component => $"#/components/{kind.Name}/{component.Name}"));
        Assert.All(components.Except(OfNoOperation), component => Assert.Contains(component, references));
    }

    [Fact]
    public void Every_example_is_one()
    {
        var checkedOnes = 0;
        Walk(Root, element =>
        {
            if (element.TryGetProperty("schema", out var schema) && element.TryGetProperty("example", out var example))
            {
                checkedOnes++;
                Assert.Empty(schema.TryGetProperty("type", out var type) && type.GetString() == "string" && example.ValueKind != JsonValueKind.String
                    ? ["no text"] : Schema.Check(schema, example));
            }

            if (element.TryGetProperty("type", out _) && element.TryGetProperty("examples", out var examples))
            {
                Assert.All(examples.EnumerateArray(), one => Assert.Empty(Schema.Check(element, one)));
                checkedOnes += examples.GetArrayLength();
            }
        });
        Assert.True(checkedOnes > 30, $"Only {checkedOnes} examples.");
    }

    private IEnumerable<(string Name, Scopes Needed)> Routes() =>
        from route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
        select ($"{method} {route.RoutePattern.RawText}", route.Metadata.GetMetadata<Access>()!.Needed);

    private static int PropertyOf(string schema, string property, string rule) =>
        ApiDocument.Served.Component("schemas", schema).GetProperty("properties").GetProperty(property).GetProperty(rule).GetInt32();

    private static IEnumerable<string> TextsOf(JsonElement array) => array.EnumerateArray().Select(item => item.GetString()!);

    private static void Walk(JsonElement element, Action<JsonElement> visit)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            visit(element);
            foreach (var member in element.EnumerateObject().Where(member => member.Name is not ("example" or "examples" or "properties" or "enum" or "const")))
            {
                Walk(member.Value, visit);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Walk(item, visit);
            }
        }
    }

    [GeneratedRegex("\"\\$ref\": \"(?<to>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
