using GraphQL.Types;
using GraphQLParser.AST;

namespace Roster.Api.GraphQL;

/// <summary>A scalar whose values are taken and given as they are; whoever reads them checks them.</summary>
internal sealed class OpaqueScalar : ScalarGraphType
{
    public OpaqueScalar(string name) => Name = name;

    public override object? ParseValue(object? value) => value;

    public override object? Serialize(object? value) => value;

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLStringValue text => (string)text.Value,
        GraphQLBooleanValue truth => truth.BoolValue,
        GraphQLIntValue number when long.TryParse(number.Value.Span, System.Globalization.CultureInfo.InvariantCulture, out var whole) => whole,
        GraphQLIntValue number => double.Parse(number.Value.Span, System.Globalization.CultureInfo.InvariantCulture),
        GraphQLFloatValue number => double.Parse(number.Value.Span, System.Globalization.CultureInfo.InvariantCulture),
        GraphQLListValue list => (list.Values ?? []).ConvertAll(ParseLiteral),
        GraphQLObjectValue fields => Fields(fields),
        _ => ThrowLiteralConversionError(value),
    };

    private Dictionary<string, object?> Fields(GraphQLObjectValue value)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var field in value.Fields ?? [])
        {
            fields[(string)field.Name.Value] = ParseLiteral(field.Value);
        }

        return fields;
    }
}
