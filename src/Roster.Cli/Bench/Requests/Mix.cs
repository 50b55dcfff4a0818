using System.Globalization;

namespace Roster.Cli.Bench.Requests;

/// <summary>Operations and how often each is chosen, by weight.</summary>
internal sealed class Mix
{
    private const int Heaviest = 1_000_000;
    private readonly Operation[] operations;
    private readonly int[] upTo;

    private Mix(IReadOnlyList<(Operation Operation, int Weight)> parts)
    {
        operations = [.. parts.Select(part => part.Operation)];
        upTo = new int[operations.Length];
        var sum = 0;
        for (var i = 0; i < operations.Length; i++)
        {
            upTo[i] = sum += parts[i].Weight;
        }
    }

    /// <summary>In the order they were named.</summary>
    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Whether any names a user.</summary>
    public bool NeedsTargets => Array.Exists(operations, each => each.NeedsTarget);

    /// <summary>Whether any names an e-mail.</summary>
    public bool NeedsEmails => Array.Exists(operations, each => each.NeedsEmail);

    /// <summary>One operation alone.</summary>
    public static Mix Of(Operation operation) => new([(operation, 1)]);

    /// <summary><c>get</c>, or <c>get=90,create=10</c>.</summary>
    /// <exception cref="VerbException">With a sentence that says what to write.</exception>
    public static Mix Parse(string text)
    {
        List<(Operation Operation, int Weight)> parts = [];
        foreach (var part in text.Split(','))
        {
            var (name, weight) = part.Split('=', 2, StringSplitOptions.TrimEntries) switch
            {
                [var alone] => (alone, "1"),
                [var named, var given] => (named, given),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            var operation = Operation.Of(name)
                ?? throw VerbException.Usage($"--mix knows no \"{name}\": it knows {string.Join(", ", Operation.Known)}.");
            if (!int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > Heaviest)
            {
                throw VerbException.Usage($"--mix gives \"{name}\" the weight \"{weight}\": write a whole number from 1, as in get=90,create=10.");
            }

            if (parts.Exists(each => each.Operation == operation))
            {
                throw VerbException.Usage($"--mix names \"{name}\" twice.");
            }

            parts.Add((operation, number));
        }

        return new Mix(parts);
    }

    /// <summary>The next operation.</summary>
    public Operation Next(Random random)
    {
        if (operations.Length == 1)
        {
            return operations[0];
        }

        var at = random.Next(upTo[^1]);
        var i = 0;
        while (at >= upTo[i])
        {
            i++;
        }

        return operations[i];
    }

    /// <inheritdoc/>
    public override string ToString() => operations.Length == 1
        ? operations[0].Name
        : string.Join(',', operations.Select((each, i) => string.Create(CultureInfo.InvariantCulture, $"{each.Name}={upTo[i] - (i == 0 ? 0 : upTo[i - 1])}")));
}
