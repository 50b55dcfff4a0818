using System.Text.Json;
using Roster.Cli.Bench;
using Roster.Cli.Bench.Popularity;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;
using Roster.Cli.Remote;
using Xunit;

namespace Roster.Tests.Cli.Bench.Results;

public sealed class BenchResultTests
{
    private static readonly Operation Get = Operation.Of("get")!;
    private static readonly Operation Create = Operation.Create;

    [Fact]
    public void Successes_have_latencies_and_failures_are_counted_by_how_they_ended()
    {
        var result = new BenchResult([Get, Create]);
        result.Start();
        for (var i = 1; i <= 1000; i++)
        {
            result.Add(Get, 200, TimeSpan.FromMilliseconds(i));
        }

        result.Add(Create, 503, TimeSpan.FromSeconds(50));
        result.Add(Create, 503, TimeSpan.FromSeconds(50));
        result.Add(Create, Status.Broken, TimeSpan.FromSeconds(50));
        result.Add(Create, 201, TimeSpan.FromHours(3));

        Assert.Equal((1000, 1000), (result.Operations[Get].Succeeded, result.Operations[Get].Total));
        Assert.InRange(result.Operations[Get].Latencies.At(50), 499, 501);
        Assert.InRange(result.Operations[Get].Latencies.At(99.9), 998, 1000);
        Assert.Equal([new("503", 2), new("broken", 1)], result.Operations[Create].Errors);
        Assert.Equal((1001, 1004), (result.All.Succeeded, result.All.Total));
        Assert.InRange(result.All.Latencies.Max, 59_900, 60_100);
    }

    [Fact]
    public void Each_second_has_its_own_count()
    {
        var timeline = new Timeline();
        timeline.Add(TimeSpan.FromSeconds(0.1), 200, TimeSpan.FromMilliseconds(5));
        timeline.Add(TimeSpan.FromSeconds(0.9), 500, TimeSpan.FromMilliseconds(5));
        timeline.Add(TimeSpan.FromSeconds(3.5), 200, TimeSpan.FromMilliseconds(80));
        timeline.Close(5);

        Assert.Equal([(1, 1), (0, 0), (0, 0), (1, 0), (0, 0)], timeline.Intervals.Select(each => ((int)each.Succeeded, (int)each.Failed)));
        Assert.Equal([5, 0, 0, 80, 0], timeline.Intervals.Select(each => Math.Round(each.P99)));
    }

    [Fact]
    public void The_JSON_says_what_was_measured()
    {
        var result = new BenchResult([Get]);
        result.Start();
        result.Add(Get, 200, TimeSpan.FromMilliseconds(2));
        result.Add(Get, 404, TimeSpan.FromMilliseconds(2));
        result.End();
        var settings = new BenchSettings(
            new ServerAddress(new Uri("http://127.0.0.1:1"), "rk_secret"), Mix.Of(Get), 4, 1000, TimeSpan.FromSeconds(1), 2, TimeSpan.Zero,
            new TargetSource(null, null, 1), PopularityLaw.Parse("zipf"), AllowRemote: false);
        using var stream = new MemoryStream();

        BenchJson.Write(settings, result, stream);

        var text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("open", 2, 1), (json.GetProperty("loop").GetString(), json.GetProperty("requests").GetInt32(), json.GetProperty("errors").GetProperty("404").GetInt32()));
        Assert.Equal(1, json.GetProperty("operations").GetProperty("get").GetProperty("succeeded").GetInt32());
        Assert.Equal("zipf:0.99", json.GetProperty("popularity").GetString());
        Assert.DoesNotContain("rk_secret", text, StringComparison.Ordinal);
    }
}
