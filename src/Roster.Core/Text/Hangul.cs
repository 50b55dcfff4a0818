namespace Roster.Core.Text;

/// <summary>Hangul syllables by arithmetic: The Unicode Standard, section 3.12, Conjoining Jamo Behavior.</summary>
internal static class Hangul
{
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, BeforeTrail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    public static bool IsSyllable(int point) => point - FirstSyllable is >= 0 and < Syllables;

    public static void Decompose(int syllable, List<int> output)
    {
        var index = syllable - FirstSyllable;
        output.Add(FirstLead + (index / (Vowels * Trails)));
        output.Add(FirstVowel + (index / Trails % Vowels));
        if (index % Trails != 0)
        {
            output.Add(BeforeTrail + (index % Trails));
        }
    }

    public static bool TryCompose(int first, int second, out int syllable)
    {
        syllable = 0;
        if (first - FirstLead is >= 0 and < Leads && second - FirstVowel is >= 0 and < Vowels)
        {
            syllable = FirstSyllable + ((((first - FirstLead) * Vowels) + second - FirstVowel) * Trails);
        }
        else if (IsSyllable(first) && (first - FirstSyllable) % Trails == 0 && second - BeforeTrail is > 0 and < Trails)
        {
            syllable = first + second - BeforeTrail;
        }

        return syllable != 0;
    }
}
