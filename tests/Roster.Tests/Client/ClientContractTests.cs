using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Roster.Client;
using Roster.Tests.Api.Contract;
using Xunit;

namespace Roster.Tests.Client;

/// <summary>The client says what the document says.</summary>
public sealed class ClientContractTests
{
    // Pages and their files are for browsers, GraphQL has clients of its own.
    private static readonly string[] ForOthers = ["getDocs", "getDocsFile", "getGraphPage", "graphql"];

    // Plain JSON in the client, or not the client's.
    private static readonly string[] WithoutType = ["Attributes", "Scope", "FieldErrors", "GraphRequest", "GraphResponse"];

    private static readonly JsonElement Root = ApiDocument.Served.Root;

    public static TheoryData<string> Schemas =>
        [.. Root.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).Except(WithoutType)];

    [Fact]
    public void Every_operation_has_exactly_one_method()
    {
        var operations = Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(member => member.Name != "parameters").Select(operation => operation.Value.GetProperty("operationId").GetString()!);
        var methods = typeof(RosterClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.Name != nameof(RosterClient.Dispose)).Select(method => method.Name);
        Assert.Equal(
            operations.Except(ForOthers).Select(id => $"{char.ToUpperInvariant(id[0])}{id[1..]}Async").Order(StringComparer.Ordinal),
            methods.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Every_schema_has_a_record_with_the_same_fields(string name)
    {
        var schema = ApiDocument.Served.Component("schemas", name);
        var type = Assert.Single(typeof(RosterClient).Assembly.GetTypes(), type => type.Name == name);
        var fields = RosterJson.Default.GetTypeInfo(type)!.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var said = schema.GetProperty("properties").EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        Assert.Equal(said.Keys.Order(StringComparer.Ordinal), fields.Keys.Order(StringComparer.Ordinal));
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(item => item.GetString()!).ToHashSet() : [];
        Assert.All(fields, field => Assert.True(
            required.Contains(field.Key) != IsNullable(field.Value), $"{name}.{field.Key} is {(required.Contains(field.Key) ? "required" : "optional")}"));
        Assert.All(fields.Values, field => Assert.True(FitsType(field.PropertyType, said[field.Name]), $"{name}.{field.Name}: {field.PropertyType}"));
    }

    private static bool IsNullable(JsonPropertyInfo field)
    {
        var property = (PropertyInfo)field.AttributeProvider!;
        return property.PropertyType == typeof(Optional<System.Text.Json.Nodes.JsonObject>)
            || new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
    }

    private static bool FitsType(Type type, JsonElement schema)
    {
        var resolved = new JsonSchema(Root, closed: true).Resolve(schema);
        var first = resolved.GetProperty("type") is { ValueKind: JsonValueKind.Array } several ? several[0].GetString() : resolved.GetProperty("type").GetString();
        var format = resolved.TryGetProperty("format", out var said) ? said.GetString() : null;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return (first, format) switch
        {
            ("string", "uuid") => type == typeof(Guid),
            ("string", "date-time") => type == typeof(DateTimeOffset),
            ("string", _) => type == typeof(string),
            ("integer", "int32") => type == typeof(int),
            ("integer", _) => type == typeof(long),
            ("boolean", _) => type == typeof(bool),
            ("array", _) => type.IsAssignableTo(typeof(System.Collections.IEnumerable)),
            _ => !type.IsPrimitive && type != typeof(string),
        };
    }
}
