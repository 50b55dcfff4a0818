using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Roster.Core.Json;
using Roster.Core.Requests;
using Roster.Core.Text;

namespace Roster.Core.Users;

/// <summary>What a user's values must be, for every way in: API, import, GraphQL.</summary>
public static class UserRules
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxName = 200;

    /// <summary>Checks a name.</summary>
    public static void CheckName(string? name, ValidationErrors errors) =>
        PlainText.Check("name", name, MaxName, errors);

    /// <summary>Checks and normalises an e-mail.</summary>
    public static bool TryEmail(string? text, ValidationErrors errors, [NotNullWhen(true)] out EmailAddress? email)
    {
        email = null;
        if (text is null)
        {
            errors.AddMissing("email");
            return false;
        }

        if (!EmailAddress.TryParse(text, out email, out var problem))
        {
            errors.Add("email", problem);
            return false;
        }

        return true;
    }

    /// <summary>Checks attributes and makes them canonical; nothing sent means none.</summary>
    public static Attributes TakeAttributes(JsonElement? sent, ValidationErrors errors)
    {
        if (sent is not { } value)
        {
            return Attributes.Empty;
        }

        if (Attributes.TryParse(value, out var attributes, out var problem))
        {
            return attributes;
        }

        errors.Add("attributes", problem);
        return Attributes.Empty;
    }
}
