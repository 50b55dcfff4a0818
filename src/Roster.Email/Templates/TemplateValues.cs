using System.Globalization;

namespace Roster.Email.Templates;

/// <summary>What templates may name. All are single lines.</summary>
internal sealed class TemplateValues(SignUp signUp)
{
    /// <summary>The names of the places.</summary>
    public static IReadOnlyList<string> Names { get; } = ["name", "email", "userId", "signedUpAt"];

    /// <summary>The value of a place out of <see cref="Names"/>.</summary>
    public string Of(string place) => place switch
    {
        "name" => OneLine.Of(signUp.Name),
        "email" => OneLine.Of(signUp.Email),
        "userId" => signUp.User.ToString(),
        "signedUpAt" => signUp.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(place), place, "Not one of the names."),
    };
}
