using System.Globalization;

namespace Roster.Core.Json;

/// <summary>
/// Why a value is refused, and where: the place (a JSON Pointer, RFC 6901) grows at its front while the walk returns, so that a
/// walk without problems keeps no path.
/// </summary>
internal sealed class Refusal
{
    // Names are the sender's: an answer must not echo a megabyte of them.
    private const int MaxPointer = 200;

    private readonly Func<string, string> _sentence;
    private readonly Stack<string> _segments = new();

    private Refusal(Func<string, string> sentence) => _sentence = sentence;

    public static Refusal TooDeep(int depth) => new(_ => $"must be nested at most {depth} deep");

    public static Refusal NoValue() => new(_ => "must be a JSON value");

    public static Refusal Number() => new(place => $"the number{At(place)} cannot be kept exactly; send it as a string");

    public static Refusal String(string flaw) => new(place => $"the string{At(place)} {flaw}");

    public static Refusal Name(string flaw) => new(place => $"a member name{In(place)} {flaw}");

    public static Refusal Twice() => new(place => $"has the member {place} twice");

    public Refusal Inside(string member)
    {
        _segments.Push(member);
        return this;
    }

    public Refusal Inside(int index) => Inside(index.ToString(CultureInfo.InvariantCulture));

    public string Sentence() => _sentence(Pointer());

    private static string At(string place) => place.Length == 0 ? "" : " at " + place;

    private static string In(string place) => place.Length == 0 ? "" : " in " + place;

    private string Pointer()
    {
        var pointer = string.Concat(_segments.Select(segment =>
            "/" + segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
        if (pointer.Length <= MaxPointer)
        {
            return pointer;
        }

        // A pair must not be cut in two: a lone surrogate is what we refuse ourselves.
        return pointer[..(char.IsHighSurrogate(pointer[MaxPointer - 1]) ? MaxPointer - 1 : MaxPointer)] + "…";
    }
}
