using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Roster.Lab;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Cli;

/// <summary><c>roster health</c>, which containers ask of themselves.</summary>
[Collection(nameof(StandardStreams))]
public sealed class HealthVerbTests
{
    [Theory]
    [InlineData("--live")]
    [InlineData]
    public async Task A_server_that_is_ready_is_0(params string[] how)
    {
        await using var server = await RunningServer.StartAsync();

        var (code, output, errors) = await StandardStreams.RunAsync(["health", "--url", server.Url.ToString(), .. how]);

        Assert.Equal((0, """{"status":"ok","problems":[]}""", string.Empty), (code, output.TrimEnd(), errors));
    }

    [Fact]
    public async Task One_that_answers_but_is_not_ready_is_1_and_says_why()
    {
        var url = $"http://127.0.0.1:{LoopbackPorts.Free()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var draining = builder.Build();
        draining.Urls.Add(url);
        draining.MapGet("/readyz", () => TypedResults.Text("draining", statusCode: StatusCodes.Status503ServiceUnavailable));
        await draining.StartAsync(TestContext.Current.CancellationToken);

        var (code, _, errors) = await StandardStreams.RunAsync("health", "--url", url);

        Assert.Equal((1, $"{url} answered 503: draining"), (code, errors.TrimEnd()));
    }

    [Fact]
    public async Task One_that_is_not_there_is_1()
    {
        var (code, _, errors) = await StandardStreams.RunAsync("health", "--url", "http://127.0.0.1:1");

        Assert.Equal((1, "http://127.0.0.1:1 cannot be reached: Connection refused."), (code, errors.TrimEnd()));
    }
}
