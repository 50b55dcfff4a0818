using System.Globalization;
using System.Text.Json;
using HdrHistogram;
using Spectre.Console;

namespace Roster.Cli.Bench;

/// <summary>A result as a table for people, as JSON, and as HdrHistogram's own text.</summary>
internal static class BenchSummary
{
    private static readonly double[] Percentiles = [50, 90, 99, 99.9];
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Show(BenchSettings settings, BenchResult result, TextWriter output)
    {
        var table = new Table().Border(Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        void Row(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
        Row("requests", Text($"{result.Total:N0}"));
        Row("rate", Text($"{result.Rate:N0}/s"));
        foreach (var percentile in Percentiles)
        {
            Row(Text($"p{percentile}"), Milliseconds(result, percentile));
        }

        Row("max", Milliseconds(result, 100));
        Row("client's processors", Text($"{Cores(result):0.00}"));
        foreach (var (name, count) in result.Errors)
        {
            Row($"failed: {name}", Text($"{count:N0}"));
        }

        output.WriteLine(Text($"{settings.Mix}, {settings.Connections} connections, {result.Elapsed.TotalSeconds:0.0} s, closed loop"));
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }).Write(table);
    }

    public static void WriteJson(BenchSettings settings, BenchResult result, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("mix", settings.Mix);
        json.WriteString("url", settings.Server.Url.GetLeftPart(UriPartial.Path));
        json.WriteNumber("connections", settings.Connections);
        json.WriteNumber("warmupSeconds", settings.Warmup.TotalSeconds);
        json.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        json.WriteNumber("requests", result.Total);
        json.WriteNumber("succeeded", result.Succeeded);
        json.WriteNumber("ratePerSecond", Math.Round(result.Rate, 1));
        json.WriteNumber("clientProcessors", Math.Round(Cores(result), 3));
        json.WriteNumber("machineProcessors", Environment.ProcessorCount);
        json.WriteStartObject("latencyMs");
        foreach (var percentile in Percentiles)
        {
            json.WriteNumber(Text($"p{percentile}"), At(result, percentile));
        }

        json.WriteNumber("max", At(result, 100));
        json.WriteNumber("mean", result.Succeeded == 0 ? 0 : Math.Round(result.Latencies.GetMean() / 1000, 3));
        json.WriteEndObject();
        json.WriteStartObject("errors");
        foreach (var (name, count) in result.Errors)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteHistogram(BenchResult result, TextWriter output) =>
        result.Latencies.OutputPercentileDistribution(output, outputValueUnitScalingRatio: 1000);

    private static double Cores(BenchResult result) =>
        result.Elapsed > TimeSpan.Zero ? result.ClientCpu / result.Elapsed : 0;

    private static double At(BenchResult result, double percentile) =>
        result.Succeeded == 0 ? 0 : result.Latencies.GetValueAtPercentile(percentile) / 1000.0;

    private static string Milliseconds(BenchResult result, double percentile) => Text($"{At(result, percentile):0.00} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
