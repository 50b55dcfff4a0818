using System.Security.Cryptography;
using Roster.Tests.Api;
using Xunit;

namespace Roster.Tests.Monitoring;

/// <summary>Traces as a collector gets them from the whole application.</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task A_recorded_request_is_followed_into_its_batch_and_its_commit()
    {
        await using var collector = await Collector.StartAsync();
        var (trace, span) = (NewId(16), NewId(8));
        await using (var server = await StartAsync(collector, "0"))
        {
            var made = await SignUpAsync(server, $"00-{trace}-{span}-01");
            made.Is(201);
        }

        var spans = collector.Of(trace);
        var request = Assert.Single(spans, each => each.Parent == span);
        Assert.Equal("POST /users", request.Name);
        var batch = Assert.Single(spans, each => each.Name == "batch commits");
        Assert.Equal(request.Id, batch.Parent);
        Assert.Equal(batch.Id, Assert.Single(spans, each => each.Name == "storage commit").Parent);
    }

    [Fact]
    public async Task Requests_of_one_batch_are_linked_to_it()
    {
        await using var collector = await Collector.StartAsync();
        var traces = Enumerable.Range(0, 40).Select(_ => NewId(16)).ToList();
        await using (var server = await StartAsync(collector, "0"))
        {
            await Task.WhenAll(traces.Select(trace => SignUpAsync(server, $"00-{trace}-{NewId(8)}-01")));
        }

        // Each has a batch of its own, or is linked to another's.
        var batches = traces.SelectMany(collector.Of).Where(span => span.Name == "batch commits").ToList();
        Assert.True(batches.Count < traces.Count, $"{batches.Count} batches");
        Assert.Equal(traces.Order(StringComparer.Ordinal), batches.SelectMany(batch => batch.LinkedTraces.Append(batch.Trace)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_not_recorded_leaves_no_span_and_everything_does_at_ratio_1()
    {
        await using var collector = await Collector.StartAsync();
        var (unrecorded, health) = (NewId(16), NewId(16));
        string own, none;
        await using (var server = await StartAsync(collector, "1"))
        {
            await SignUpAsync(server, $"00-{unrecorded}-{NewId(8)}-00");
            await server.Nobody.GetAsync("/readyz", ("traceparent", $"00-{health}-{NewId(8)}-01"));
            own = (await server.Admin.GetAsync("/users/nobody")).Text("traceId");
        }

        await using (var server = await StartAsync(collector, "0"))
        {
            none = (await server.Admin.GetAsync("/users/nobody")).Text("traceId");
        }

        Assert.Empty(collector.Of(unrecorded));
        Assert.Empty(collector.Of(health));
        Assert.Empty(collector.Of(none));
        Assert.Equal("GET /users/{id}", Assert.Single(collector.Of(own)).Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_problem_names_the_trace_that_the_request_is_part_of(bool traced)
    {
        await using var collector = await Collector.StartAsync();
        await using var server = traced ? await StartAsync(collector, "0.5") : await RunningServer.StartAsync();
        var trace = NewId(16);
        var answer = await server.Admin.GetAsync("/users/nobody", ("traceparent", $"00-{trace}-{NewId(8)}-01"));
        Assert.Equal(trace, answer.Text("traceId"));
    }

    private static Task<RunningServer> StartAsync(Collector collector, string ratio) => RunningServer.StartAsync(
        ("Roster:Telemetry:Collector", collector.Url), ("Roster:Telemetry:Protocol", "http"), ("Roster:Telemetry:SampleRatio", ratio));

    private static Task<Answer> SignUpAsync(RunningServer server, string traceparent) => server.Admin.PostAsync(
        "/users", $$"""{ "name": "Ada", "email": "{{ApiClient.NewEmail()}}" }""", ("traceparent", traceparent));

    private static string NewId(int bytes) => RandomNumberGenerator.GetHexString(2 * bytes, lowercase: true);
}
