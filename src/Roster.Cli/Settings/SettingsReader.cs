using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Roster.Cli.Settings;

/// <summary>Reads values under <c>Roster:</c>, remembers which were asked for, and refuses all others.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Root = "Roster";
    private readonly IConfigurationSection root = configuration.GetSection(Root);
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A text; null when it is not set or empty.</summary>
    public string? Text(string key)
    {
        known.Add(key);
        return root[key] is { Length: > 0 } value ? value : null;
    }

    /// <summary>A list: either indexed keys or one text separated by commas or spaces.</summary>
    public IReadOnlyList<string> List(string key)
    {
        var indexed = root.GetSection(key).GetChildren().ToList();
        indexed.ForEach(child => known.Add($"{key}:{child.Key}"));
        return Text(key)?.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [.. indexed.Select(child => child.Value).OfType<string>()];
    }

    /// <summary>How many entries an indexed section has: one more than its highest index.</summary>
    public int Count(string key) => root.GetSection(key).GetChildren()
        .Select(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index + 1 : 0)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>All that is set in a section, by names that are somebody else's.</summary>
    public IReadOnlyList<(string Name, string Value)> Section(string key)
    {
        var children = root.GetSection(key).GetChildren().Where(child => child.Value is { Length: > 0 }).ToList();
        children.ForEach(child => known.Add($"{key}:{child.Key}"));
        return [.. children.Select(child => (child.Key, child.Value!))];
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public bool Flag(string key, bool standard) => Text(key) switch
    {
        null => standard,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw Wrong(key, text, "true or false"),
    };

    /// <summary>A whole number within bounds.</summary>
    public int Number(string key, int standard, int min, int max) => Text(key) switch
    {
        null => standard,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max => number,
        var text => throw Wrong(key, text, $"a number from {min} to {max}"),
    };

    /// <summary>A share from 0 to 1; null when it is not set.</summary>
    public double? Ratio(string key) => Text(key) switch
    {
        null => null,
        var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 => ratio,
        var text => throw Wrong(key, text, "a share from 0 to 1 such as 0.01"),
    };

    /// <summary>A duration: <c>500 ms</c>, <c>5 s</c>, <c>10 m</c>, <c>24 h</c>, <c>7 d</c>, or <c>hh:mm:ss</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan standard, TimeSpan min)
    {
        if (Text(key) is not { } text)
        {
            return standard;
        }

        var duration = Settings.Duration.TryParse(text) ?? throw Wrong(key, text, "a duration such as 5 s, 10 m, 24 h or 7 d");
        return duration < min ? throw Wrong(key, text, $"at least {min}")
            : duration > Settings.Duration.Max ? throw Wrong(key, text, $"at most {Settings.Duration.Max.TotalDays} d")
            : duration;
    }

    /// <summary>Refuses settings that nothing asked for: a misspelt one must not be ignored.</summary>
    public void RefuseUnknown()
    {
        var unknown = root.AsEnumerable(makePathsRelative: true)
            .FirstOrDefault(pair => pair.Value is not null && !known.Contains(pair.Key));
        if (unknown.Key is not null)
        {
            throw new SettingsException($"{Root}:{unknown.Key} is no setting of Roster: correct or remove it (docs/settings.md lists all).");
        }
    }

    /// <summary>The sentence for a value that will not do.</summary>
    public static SettingsException Wrong(string key, string value, string instead) =>
        new($"{Root}:{key} is \"{value}\": write {instead}.");
}
