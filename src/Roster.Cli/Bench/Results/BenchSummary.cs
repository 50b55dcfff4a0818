using System.Globalization;
using Spectre.Console;

namespace Roster.Cli.Bench.Results;

/// <summary>A result as a table for people.</summary>
internal static class BenchSummary
{
    /// <summary>What everybody looks at.</summary>
    public static readonly double[] Percentiles = [50, 90, 99, 99.9];

    /// <summary>Later than this at the 99th percentile, an open loop has measured itself.</summary>
    private const double MuchTooLate = 5;

    private const int FileWidth = 160;

    public static void Show(BenchSettings settings, BenchResult result, TextWriter output)
    {
        output.WriteLine(Text($"{settings.Mix}, {settings.Connections} connections, {result.Elapsed.TotalSeconds:0.0} s, {settings.Loop}"));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Console.IsOutputRedirected ? FileWidth : console.Profile.Width;
        console.Write(TableOf(result));
        var own = Text($"This client took {result.ClientProcessors:0.00} of {Environment.ProcessorCount} processors");
        if (settings.Rate is null)
        {
            output.WriteLine(own + ".");
            return;
        }

        var delay = result.SchedulingDelay;
        output.WriteLine(own + Text($", and sent what it could {delay.At(50):0.00} ms late (p50), {delay.At(99):0.00} ms (p99), {delay.Max:0.0} ms at most."));
        if (delay.At(99) > MuchTooLate)
        {
            output.WriteLine("That is much: the latencies are the client's as well as the server's. Give it a processor of its own, or a lower --rate.");
        }
    }

    private static Table TableOf(BenchResult result)
    {
        var table = new Table().Border(Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded)
            .AddColumns(["", "requests", "per s", .. Percentiles.Select(percentile => Text($"p{percentile} ms")), "max ms", "failed"]);
        foreach (var column in table.Columns.Skip(1).SkipLast(1))
        {
            column.RightAligned();
        }

        foreach (var (operation, part) in result.Operations)
        {
            Row(table, result, operation.Name, part);
        }

        if (result.Operations.Count > 1)
        {
            Row(table, result, "all", result.All);
        }

        return table;
    }

    private static void Row(Table table, BenchResult result, string name, OperationResult part) =>
        table.AddRow([name, Text($"{part.Total:N0}"), Text($"{result.RateOf(part):N0}"),
            .. Percentiles.Select(percentile => Text($"{part.Latencies.At(percentile):0.00}")), Text($"{part.Latencies.Max:0.0}"),
            part.Errors.Count == 0 ? "0" : string.Join('\n', part.Errors.Select(each => Text($"{each.Key}: {each.Value:N0}")))]);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
