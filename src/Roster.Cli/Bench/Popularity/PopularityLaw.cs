using System.Globalization;

namespace Roster.Cli.Bench.Popularity;

/// <summary>How popularity falls, before it is known over how many.</summary>
/// <param name="Exponent">Of Zipf's law; null when all are alike.</param>
internal sealed record PopularityLaw(double? Exponent)
{
    private const string ZipfName = "zipf";
    private const double Steepest = 10;

    /// <summary><c>uniform</c>, <c>zipf</c> or <c>zipf:0.99</c>.</summary>
    /// <exception cref="VerbException">With a sentence that says what to write.</exception>
    public static PopularityLaw Parse(string text) => text.Split(':', 2) switch
    {
        ["uniform"] => new PopularityLaw((double?)null),
        [ZipfName] => new PopularityLaw(0.99),
        [ZipfName, var given] when double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exponent)
            && exponent is > 0 and <= Steepest => new PopularityLaw(exponent),
        _ => throw VerbException.Usage($"--popularity \"{text}\" is none: write uniform, or zipf:0.99 with a number above 0 and up to 10."),
    };

    /// <summary>The law over so many.</summary>
    public IPopularity Over(int count) => Exponent is { } exponent ? new Zipf(count, exponent) : new Uniform(count);

    /// <inheritdoc/>
    public override string ToString() => Exponent is { } exponent ? string.Create(CultureInfo.InvariantCulture, $"{ZipfName}:{exponent}") : "uniform";
}
