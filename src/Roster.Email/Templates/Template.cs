using System.Text;

namespace Roster.Email.Templates;

/// <summary>A text with places such as <c>{{name}}</c>, read and checked once.</summary>
internal sealed class Template
{
    private readonly List<(string Text, string? Place)> parts = [];
    private readonly Func<string, string> escape;

    /// <param name="file">Its name, for sentences.</param>
    /// <param name="text">The text.</param>
    /// <param name="escape">What every value goes through; nothing that a person wrote gets past it.</param>
    /// <exception cref="TemplateException">It has a place that there is no value for, or one that does not end.</exception>
    public Template(string file, string text, Func<string, string> escape)
    {
        this.escape = escape;
        var at = 0;
        for (int open; (open = text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            var place = close < 0 ? null : text[(open + 2)..close].Trim();
            if (place is null || !TemplateValues.Names.Contains(place, StringComparer.Ordinal))
            {
                throw new TemplateException(
                    $"The mail template {file} has \"{Excerpt(text, open, close)}\": write one of {string.Join(", ", TemplateValues.Names.Select(name => $"{{{{{name}}}}}"))}.");
            }

            parts.Add((text[at..open], place));
            at = close + 2;
        }

        parts.Add((text[at..], null));
    }

    /// <summary>The text with the values in their places.</summary>
    public string Fill(TemplateValues values)
    {
        var filled = new StringBuilder();
        foreach (var (text, place) in parts)
        {
            filled.Append(text).Append(place is null ? null : escape(values.Of(place)));
        }

        return filled.ToString();
    }

    private static string Excerpt(string text, int open, int close)
    {
        var end = close < 0 ? text.Length : close + 2;
        return OneLine.Of(text[open..Math.Min(end, open + 40)]);
    }
}

/// <summary>A template that cannot be used; the message is a sentence.</summary>
public sealed class TemplateException(string message, Exception? inner = null) : Exception(message, inner);
