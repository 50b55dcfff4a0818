namespace Roster.Core.Requests;

/// <summary>What is wrong with a request's values: sentences without a subject, by field.</summary>
public sealed class ValidationErrors
{
    private readonly SortedDictionary<string, List<string>> byField = new(StringComparer.Ordinal);

    /// <summary>Nothing wrong yet.</summary>
    public ValidationErrors()
    {
    }

    /// <summary>What was found wrong before, to add more without changing it.</summary>
    public ValidationErrors(ValidationErrors found)
    {
        foreach (var (field, problems) in found.byField)
        {
            byField[field] = [.. problems];
        }
    }

    /// <summary>True while nothing was found wrong.</summary>
    public bool None => byField.Count == 0;

    /// <summary>The sentences by field.</summary>
    public IEnumerable<KeyValuePair<string, List<string>>> ByField => byField;

    /// <summary>Adds one: <c>Add("email", "is missing")</c>.</summary>
    public ValidationErrors Add(string field, string problem)
    {
        if (!byField.TryGetValue(field, out var problems))
        {
            byField[field] = problems = [];
        }

        problems.Add(problem);
        return this;
    }

    /// <summary>Adds that a field is missing, unless something was said about it: then it was sent.</summary>
    public ValidationErrors AddMissing(string field, string problem = "is missing") =>
        byField.ContainsKey(field) ? this : Add(field, problem);

    /// <summary>All in one line, for places that have no fields.</summary>
    public override string ToString() =>
        string.Join("; ", byField.SelectMany(field => field.Value.Select(problem => $"{field.Key} {problem}")));
}
