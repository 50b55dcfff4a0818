using System.Globalization;
using System.Text.Json;
using HdrHistogram;

namespace Roster.Cli.Bench.Results;

/// <summary>A result for programs: everything as JSON, or latencies in HdrHistogram's text.</summary>
internal static class BenchJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>For curves: fine where tails are.</summary>
    private static readonly double[] Curve = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975, 99.99, 99.999, 100];

    public static void Write(BenchSettings settings, BenchResult result, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("mix", settings.Mix.ToString());
        json.WriteString("url", settings.Server.Url.GetLeftPart(UriPartial.Path));
        json.WriteString("loop", settings.Rate is null ? "closed" : "open");
        if (settings.Rate is { } rate)
        {
            json.WriteNumber("targetRatePerSecond", rate);
            WriteLatencies(json, "schedulingDelayMs", result.SchedulingDelay);
        }

        json.WriteString("popularity", settings.Popularity.ToString());
        json.WriteNumber("connections", settings.Connections);
        json.WriteNumber("warmupSeconds", settings.Warmup.TotalSeconds);
        json.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 3));
        WritePart(json, result, result.All);
        json.WriteNumber("clientProcessors", Math.Round(result.ClientProcessors, 3));
        json.WriteNumber("clientCpuSeconds", Math.Round(result.ClientCpu.TotalSeconds, 3));
        json.WriteNumber("machineProcessors", Environment.ProcessorCount);
        json.WriteStartObject("operations");
        foreach (var (operation, part) in result.Operations)
        {
            json.WriteStartObject(operation.Name);
            WritePart(json, result, part);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteCurve(json, result.All.Latencies);
        WriteTimeline(json, result.Intervals);
        json.WriteEndObject();
    }

    /// <summary>HdrHistogram's percentile distribution, in milliseconds.</summary>
    public static void WriteHistogram(BenchResult result, TextWriter output) =>
        result.All.Latencies.Counts.OutputPercentileDistribution(output, outputValueUnitScalingRatio: 1000);

    private static void WritePart(Utf8JsonWriter json, BenchResult result, OperationResult part)
    {
        json.WriteNumber("requests", part.Total);
        json.WriteNumber("succeeded", part.Succeeded);
        json.WriteNumber("ratePerSecond", Math.Round(result.RateOf(part), 1));
        WriteLatencies(json, "latencyMs", part.Latencies);
        WriteLatencies(json, "refusalMs", part.Refusals);
        json.WriteStartObject("errors");
        foreach (var (name, count) in part.Errors)
        {
            json.WriteNumber(name, count);
        }

        json.WriteEndObject();
    }

    private static void WriteLatencies(Utf8JsonWriter json, string name, Latencies latencies)
    {
        json.WriteStartObject(name);
        foreach (var percentile in BenchSummary.Percentiles)
        {
            json.WriteNumber(string.Create(CultureInfo.InvariantCulture, $"p{percentile}"), latencies.At(percentile));
        }

        json.WriteNumber("max", latencies.Max);
        json.WriteNumber("mean", Math.Round(latencies.Mean, 3));
        json.WriteEndObject();
    }

    private static void WriteCurve(Utf8JsonWriter json, Latencies latencies)
    {
        json.WriteStartArray("percentiles");
        foreach (var percentile in Curve)
        {
            json.WriteStartObject();
            json.WriteNumber("percentile", percentile);
            json.WriteNumber("ms", latencies.At(percentile));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTimeline(Utf8JsonWriter json, IReadOnlyList<Interval> intervals)
    {
        json.WriteStartArray("timeline");
        foreach (var interval in intervals)
        {
            json.WriteStartObject();
            json.WriteNumber("second", interval.Second);
            json.WriteNumber("succeeded", interval.Succeeded);
            json.WriteNumber("failed", interval.Failed);
            json.WriteNumber("p50", interval.P50);
            json.WriteNumber("p99", interval.P99);
            json.WriteNumber("max", interval.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
