using System.Text;

namespace Roster.Core.Requests;

/// <summary>The rule for every text that a client sends: no U+0000, no lone surrogates, a bounded number of characters.</summary>
public static class PlainText
{
    /// <summary>Adds what is wrong with a field that must be sent.</summary>
    public static void Check(string field, string? text, int maxLength, ValidationErrors errors)
    {
        if (text is null)
        {
            errors.AddMissing(field);
        }
        else if (ProblemOf(text, maxLength) is { } problem)
        {
            errors.Add(field, problem);
        }
    }

    /// <summary>What is wrong with a text, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">In characters: Unicode scalar values, so an emoji counts once.</param>
    public static string? ProblemOf(string text, int maxLength)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return "must not be blank";
        }

        var length = 0;
        for (var i = 0; i < text.Length; length++)
        {
            if (text[i] == '\0')
            {
                return "must not contain U+0000";
            }

            if (Rune.DecodeFromUtf16(text.AsSpan(i), out _, out var consumed) != System.Buffers.OperationStatus.Done)
            {
                return "must not contain a lone surrogate";
            }

            i += consumed;
        }

        return length > maxLength ? $"must be at most {maxLength} characters (has {length})" : null;
    }
}
