using System.Collections;
using GraphQL;
using GraphQLParser.AST;
using Roster.Core.Keys;
using Roster.Core.Requests;

namespace Roster.Api.GraphQL;

/// <summary>
/// What one operation may ask for, held before validation and on cached documents too: nothing is read before. Work is
/// bounded by what it counts, so a document that spreads a fragment into itself, or many into many, is refused early.
/// </summary>
internal sealed class QueryLimits
{
    /// <summary>Longest query, in characters.</summary>
    public const int MaxQuery = 32 * 1024;

    /// <summary>Most levels of fields.</summary>
    public const int MaxDepth = 15;

    /// <summary>Most fields after fragments were spread.</summary>
    public const int MaxFields = 500;

    /// <summary>Most operations in a document.</summary>
    public const int MaxOperations = 10;

    /// <summary>Most fields with an alias.</summary>
    public const int MaxAliases = 50;

    /// <summary>Largest page.</summary>
    public const int MaxPage = 500;

    /// <summary>Most objects of a connection together, page sizes multiplied: <c>users(first:100){posts(first:10)}</c> is 1,100.</summary>
    public const int MaxCost = 5_000;

    /// <summary>Most representations of <c>_entities</c>.</summary>
    public const int MaxRepresentations = 500;

    /// <summary>Deepest list or object of an argument.</summary>
    public const int MaxNesting = 64;

    private readonly Dictionary<string, GraphQLFragmentDefinition> fragments = new(StringComparer.Ordinal);
    private readonly HashSet<string> spreading = new(StringComparer.Ordinal);
    private readonly Inputs variables;
    private readonly GraphQLOperationDefinition operation;
    private int fields;
    private int aliases;
    private long cost;

    private QueryLimits(GraphQLDocument document, GraphQLOperationDefinition operation, Inputs variables)
    {
        (this.operation, this.variables) = (operation, variables);
        foreach (var fragment in document.Definitions.OfType<GraphQLFragmentDefinition>())
        {
            fragments.TryAdd((string)fragment.FragmentName.Name.Value, fragment);
        }
    }

    /// <summary>Whether it asks for the schema; those without a credential may not.</summary>
    public bool Introspects { get; private set; }

    /// <summary>Holds every operation of a document to the limits.</summary>
    /// <exception cref="RefusedQuery">One is beyond them.</exception>
    public static void Check(GraphQLDocument document, Inputs variables, Scopes granted, Caller caller)
    {
        CountWritten(document);
        foreach (var checkedOne in document.Definitions.OfType<GraphQLOperationDefinition>())
        {
            var limits = new QueryLimits(document, checkedOne, variables);
            limits.Walk(checkedOne.SelectionSet, depth: 1, times: 1);
            if (limits.Introspects && (caller.Actor == Caller.Anonymous || (granted & ~Scopes.Self) == Scopes.None))
            {
                throw new RefusedQuery("INTROSPECTION_REFUSED", "The schema is shown to those with a key: it is docs/graphql's too.");
            }
        }
    }

    /// <summary>Validation compares what stands in fragments too, those that nobody spreads as well.</summary>
    private static void CountWritten(GraphQLDocument document)
    {
        var operations = 0;
        var written = 0;
        var open = new Stack<GraphQLSelectionSet?>();
        foreach (var definition in document.Definitions)
        {
            operations += definition is GraphQLOperationDefinition ? 1 : 0;
            open.Push((definition as IHasSelectionSetNode)?.SelectionSet);
        }

        if (operations > MaxOperations)
        {
            throw new RefusedQuery("TOO_MANY_OPERATIONS", $"The document has more than {MaxOperations} operations.");
        }

        while (open.TryPop(out var set))
        {
            written += set?.Selections.Count ?? 0;
            if (written > MaxFields)
            {
                throw new RefusedQuery("TOO_WIDE", $"The document has more than {MaxFields} fields and fragments.");
            }

            foreach (var inner in set?.Selections.OfType<IHasSelectionSetNode>() ?? [])
            {
                open.Push(inner.SelectionSet);
            }
        }
    }

    private void Walk(GraphQLSelectionSet? set, int depth, long times)
    {
        if (depth > MaxDepth + 1)
        {
            throw new RefusedQuery("TOO_DEEP", $"The query has more than {MaxDepth} levels.");
        }

        foreach (var selection in set?.Selections ?? [])
        {
            switch (selection)
            {
                case GraphQLField field:
                    Count(field);
                    Walk(field.SelectionSet, depth + 1, Times(field, times));
                    break;
                case GraphQLInlineFragment inline:
                    Spend();
                    Walk(inline.SelectionSet, depth + 1, times);
                    break;
                case GraphQLFragmentSpread spread:
                    Spend();
                    Spread((string)spread.FragmentName.Name.Value, depth, times);
                    break;
            }
        }
    }

    private void Spread(string name, int depth, long times)
    {
        if (!fragments.TryGetValue(name, out var fragment))
        {
            return;
        }

        if (!spreading.Add(name))
        {
            throw new RefusedQuery("CYCLIC_FRAGMENT", "A fragment spreads itself.");
        }

        Walk(fragment.SelectionSet, depth, times);
        spreading.Remove(name);
    }

    private void Count(GraphQLField field)
    {
        Spend();
        if (field.Alias is not null && ++aliases > MaxAliases)
        {
            throw new RefusedQuery("TOO_MANY_ALIASES", $"The query has more than {MaxAliases} aliases.");
        }

        Introspects |= (string)field.Name.Value is "__schema" or "__type" or "_service";
    }

    private void Spend()
    {
        if (++fields > MaxFields)
        {
            throw new RefusedQuery("TOO_WIDE", $"The query has more than {MaxFields} fields, fragments spread.");
        }
    }

    private long Times(GraphQLField field, long times)
    {
        var name = (string)field.Name.Value;
        if (name is not ("users" or "posts" or "_entities"))
        {
            return times;
        }

        var size = name == "_entities" ? Representations(field) : PageOf(field, name == "users" ? 50 : 10);
        cost += times * size;
        return cost > MaxCost
            ? throw new RefusedQuery("TOO_COSTLY", $"The query may give more than {MaxCost:N0} users and posts, page sizes multiplied: ask for smaller pages.")
            : times * size;
    }

    private int PageOf(GraphQLField field, int standard) => Value(field, "first") switch
    {
        null => standard,
        int size and >= 1 and <= MaxPage => size,
        _ => throw new RefusedQuery("BAD_PAGE_SIZE", $"first must be 1 to {MaxPage}."),
    };

    private int Representations(GraphQLField field) => Value(field, "representations") switch
    {
        IList list and { Count: <= MaxRepresentations } => list.Count,
        IList => throw new RefusedQuery("TOO_MANY_REPRESENTATIONS", $"_entities takes at most {MaxRepresentations} representations."),
        _ => 1,
    };

    private object? Value(GraphQLField field, string name)
    {
        var value = field.Arguments?.Items.Find(argument => argument.Name.Value == name)?.Value;
        if (value is GraphQLVariable variable)
        {
            var of = (string)variable.Name.Value;
            if (variables.TryGetValue(of, out var sent))
            {
                return sent;
            }

            value = operation.Variables?.Items.Find(defined => (string)defined.Variable.Name.Value == of)?.DefaultValue;
        }

        return value switch
        {
            null or GraphQLNullValue => null,
            GraphQLIntValue number => int.TryParse(number.Value.Span, System.Globalization.CultureInfo.InvariantCulture, out var size) ? size : -1,
            GraphQLListValue list => list.Values ?? [],
            _ => value,
        };
    }
}
