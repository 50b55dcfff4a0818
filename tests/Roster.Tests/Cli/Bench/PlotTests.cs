using Roster.Cli;
using Roster.Cli.Bench;
using Roster.Cli.Bench.Popularity;
using Roster.Cli.Bench.Requests;
using Roster.Cli.Bench.Results;
using Roster.Cli.Remote;
using Roster.Tests.Scripts;
using Xunit;

namespace Roster.Tests.Cli.Bench;

/// <summary>The program of bench/Plot, which is built with these tests, draws what this program writes.</summary>
public sealed class PlotTests : IDisposable
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];
    private static readonly string Program = Path.Combine(Script.Repository(), "artifacts", "bin", "Plot", "debug", "roster-plot");
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-plot-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(1000d)]
    public async Task A_run_is_drawn(double? rate)
    {
        var result = new BenchResult([Operation.Create]);
        result.Start();
        for (var i = 1; i < 1000; i++)
        {
            result.Add(Operation.Create, i % 100 == 0 ? 503 : 201, TimeSpan.FromMicroseconds(i * i));
        }

        result.End();

        Assert.Equal(Signature, await DrawAsync(Write(rate, result)));
    }

    [Fact]
    public async Task A_run_in_which_nothing_happened_is_drawn_too()
    {
        var result = new BenchResult([Operation.Create]);

        Assert.Equal(Signature, await DrawAsync(Write(rate: null, result)));
    }

    [Fact]
    public async Task What_cannot_be_drawn_is_said_in_a_sentence()
    {
        var file = Path.Combine(folder.FullName, "no.json");
        await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<VerbException>(() => DrawAsync(file));

        Assert.Contains(" did not draw ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    private string Write(double? rate, BenchResult result)
    {
        var settings = new BenchSettings(
            new ServerAddress(new Uri("http://127.0.0.1:1"), null), Mix.Of(Operation.Create), 4, rate, TimeSpan.FromSeconds(1), 2, TimeSpan.Zero,
            new TargetSource(null, null, 1), PopularityLaw.Parse("uniform"), AllowRemote: false);
        var file = Path.Combine(folder.FullName, "run.json");
        using var stream = File.Create(file);
        BenchJson.Write(settings, result, stream);
        return file;
    }

    private async Task<byte[]> DrawAsync(string file)
    {
        var picture = Path.Combine(folder.FullName, "run.png");
        await PlotProgram.DrawAsync(Program, file, picture, TestContext.Current.CancellationToken);
        return (await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken))[..Signature.Length];
    }
}
