using System.Text.Json;
using System.Text.Unicode;
using Roster.Core.Requests;
using Roster.Core.Users;

namespace Roster.Api.Users.Import;

/// <summary>One NDJSON line as a sign-up; whatever is wrong with it is its answer, never the end of the stream.</summary>
internal static class ImportJson
{
    /// <summary>The field that errors of the line as a whole stand under.</summary>
    public const string WholeLine = "line";

    private const int MaxEcho = 60;
    private const int MaxUnknown = 5;

    /// <summary>Reads a line; adds to the errors why not.</summary>
    public static RegisterUser.Request? Parse(ReadOnlySpan<byte> line, string? source, ValidationErrors errors)
    {
        if (!Utf8.IsValid(line))
        {
            errors.Add(WholeLine, "is not valid UTF-8");
            return null;
        }

        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                errors.Add(WholeLine, "must be a JSON object");
                return null;
            }

            var request = ReadObject(ref reader, source, errors);
            return reader.Read() || !errors.None ? null : request;
        }
        catch (JsonException)
        {
            errors.Add(WholeLine, $"is not valid JSON near byte {reader.BytesConsumed + 1}");
            return null;
        }
    }

    private static RegisterUser.Request ReadObject(ref Utf8JsonReader reader, string? source, ValidationErrors errors)
    {
        string? name = null;
        string? email = null;
        JsonElement? attributes = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var unknown = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            if (field is "name" or "email" or "attributes" && !seen.Add(field))
            {
                errors.Add(field, "is given twice");
            }

            switch (field)
            {
                case "name":
                    name = TextOf(ref reader, field, errors);
                    break;
                case "email":
                    email = TextOf(ref reader, field, errors);
                    break;
                case "attributes":
                    attributes = JsonElement.ParseValue(ref reader);
                    break;
                default:
                    reader.Skip();
                    if (unknown++ < MaxUnknown)
                    {
                        errors.Add(field, "is not a known field");
                    }

                    break;
            }
        }

        return new RegisterUser.Request(name, email, attributes, source);
    }

    private static string? TextOf(ref Utf8JsonReader reader, string field, ValidationErrors errors)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            errors.Add(field, "must be a string");
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            errors.Add(field, "must not contain a lone surrogate");
            return null;
        }
    }

    private static string FieldOf(ref Utf8JsonReader reader)
    {
        try
        {
            var name = reader.GetString()!;
            return name.Length <= MaxEcho ? name
                : string.Concat(name.AsSpan(0, char.IsHighSurrogate(name[MaxEcho - 1]) ? MaxEcho - 1 : MaxEcho), "…");
        }
        catch (InvalidOperationException)
        {
            return "(a name with a lone surrogate)";
        }
    }
}
