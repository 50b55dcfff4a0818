using System.Text.Json;
using Roster.Core.Requests;

namespace Roster.Api.Http;

/// <summary>
/// The fields of a JSON object: each at most once, none unknown, of the right types. Wrong types end the request with
/// 400; all else is gathered for the use case to add to, so that a client learns everything at once (422).
/// </summary>
internal sealed class JsonFields
{
    // Names are the sender's: an answer must not echo a megabyte of them.
    private const int MaxNameShown = 100;
    private const int MaxNamesShown = 20;

    private readonly Dictionary<string, JsonElement> values = new(StringComparer.Ordinal);

    public JsonFields(JsonElement root, params ReadOnlySpan<string> known)
    {
        var unknown = 0;
        foreach (var property in root.EnumerateObject())
        {
            var name = NameOf(property);
            if (!known.Contains(name))
            {
                if (++unknown <= MaxNamesShown)
                {
                    Errors.Add(Shown(name), "is not a known field");
                }
            }
            else if (!values.TryAdd(name, property.Value))
            {
                Errors.Add(name, "is given twice");
            }
        }
    }

    /// <summary>What was found wrong so far.</summary>
    public ValidationErrors Errors { get; } = new();

    /// <summary>A field as it was sent; null when it was not.</summary>
    public JsonElement? Value(string name) => values.TryGetValue(name, out var value) ? value : null;

    /// <summary>A field that must be a JSON object.</summary>
    /// <param name="name">The field.</param>
    /// <param name="orNull">Whether JSON <c>null</c> means something here.</param>
    public JsonElement? Object(string name, bool orNull = false) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        { ValueKind: JsonValueKind.Null } value when orNull => value,
        _ => throw RefusedRequest.WrongType(name, "must be an object"),
    };

    /// <summary>A text field; null when it was not sent. JSON <c>null</c> and lone surrogates are errors.</summary>
    public string? Text(string name)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return TextOf(name, value);
            case JsonValueKind.Null:
                Errors.Add(name, "must not be null");
                return null;
            default:
                throw RefusedRequest.WrongType(name, "must be a string");
        }
    }

    /// <summary>A field that must be an array of texts; null when it was not sent.</summary>
    public IReadOnlyList<string>? Texts(string name, int maxCount)
    {
        if (Value(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw RefusedRequest.WrongType(name, "must be an array of strings");
        }

        if (value.GetArrayLength() > maxCount)
        {
            Errors.Add(name, $"must have at most {maxCount} items (has {value.GetArrayLength()})");
            return [];
        }

        return [.. value.EnumerateArray().Select(item => TextOf(name, item) ?? string.Empty)];
    }

    /// <summary>Ends the request with 422 when anything was wrong.</summary>
    public void ThrowIfInvalid()
    {
        if (!Errors.None)
        {
            throw RefusedRequest.Invalid(Errors);
        }
    }

    private string? TextOf(string name, JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Errors.Add(name, "must not contain a lone surrogate");
            return null;
        }
    }

    private static string Shown(string name) => name.Length <= MaxNameShown
        ? name
        : $"{name[..(char.IsHighSurrogate(name[MaxNameShown - 1]) ? MaxNameShown - 1 : MaxNameShown)]}…";

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "(a name with a lone surrogate)";
        }
    }
}
