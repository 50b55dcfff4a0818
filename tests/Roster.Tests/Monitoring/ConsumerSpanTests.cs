using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Roster.Cli.Serving.Logging;
using Roster.Core.Events.Publishing;
using Roster.Core.Users;
using Roster.Tests.Events.Consuming;
using Roster.Tests.Kafka;
using Xunit;

namespace Roster.Tests.Monitoring;

/// <summary>An event that says which trace it belongs to is handled, and logged, in that trace.</summary>
public sealed class ConsumerSpanTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string Traceparent = $"00-{Trace}-{Parent}-01";

    [Theory]
    [InlineData($$"""{"specversion":"1.0","traceparent":"{{Traceparent}}","data":null}""")]
    [InlineData($$"""{"data":{"deep":[{"traceparent":"x"}]},"traceparent":"{{Traceparent}}"}""")]
    public async Task A_consumers_span_and_its_log_go_on_with_the_events_trace(string json)
    {
        using var spans = new RecordedSpans();
        var log = new StringWriter();
        await HandleAsync(json, _ =>
        {
            new EcsFormatter(TimeProvider.System, "1.2.3").Write(new LogEntry<string>(LogLevel.Information, "Mail", default, "x", null, (text, _) => text), scopeProvider: null, log);
            return Task.CompletedTask;
        });
        var span = Assert.Single(spans.Ended);
        Assert.Equal(("consume mail", ActivityKind.Consumer, ActivityStatusCode.Unset), (span.OperationName, span.Kind, span.Status));
        Assert.Equal((Trace, Parent, true), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString(), span.HasRemoteParent));
        Assert.Equal(SignedUp.TypeName, span.GetTagItem("cloudevents.event_type"));
        using var line = JsonDocument.Parse(log.ToString());
        Assert.Equal((Trace, span.SpanId.ToHexString()), (line.RootElement.GetProperty("trace.id").GetString(), line.RootElement.GetProperty("span.id").GetString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"traceparent":7}""")]
    [InlineData("""{"traceparent":null}""")]
    [InlineData("""{"traceparent":"of course"}""")]
    [InlineData($$"""{"traceparent":"00-{{Trace}}-01"}""")]
    [InlineData($$"""{"data":{"traceparent":"{{Traceparent}}"},"id":"1"}""")]
    [InlineData($$"""["traceparent","{{Traceparent}}"]""")]
    [InlineData($$"""{"data":{"traceparent":"{{Traceparent}}" """)]
    public async Task An_event_without_a_valid_trace_begins_one_of_its_own(string json)
    {
        using var spans = new RecordedSpans();
        using var request = new Activity("a request that has nothing to do with it").SetIdFormat(ActivityIdFormat.W3C).Start();
        await HandleAsync(json, _ => Task.CompletedTask);
        var span = Assert.Single(spans.Ended);
        Assert.Equal(default, span.ParentSpanId);
        Assert.All([Trace, request.TraceId.ToHexString(), default(ActivityTraceId).ToHexString()], other => Assert.NotEqual(other, span.TraceId.ToHexString()));
    }

    [Fact]
    public async Task Each_attempt_is_a_span_of_the_same_trace_and_a_failed_one_says_so_without_the_reasons_words()
    {
        using var spans = new RecordedSpans();
        var failures = 0;
        await HandleAsync($$"""{"traceparent":"{{Traceparent}}"}""", _ => failures++ == 0 ? throw new IOException("ada@example.com") : Task.CompletedTask);
        Assert.Equal(
            [(ActivityStatusCode.Error, nameof(IOException)), (ActivityStatusCode.Unset, null)],
            spans.Ended.Select(span => (span.Status, span.StatusDescription)));
        Assert.All(spans.Ended, span => Assert.Equal((Trace, Parent), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString())));
    }

    /// <summary>Until it had its effect.</summary>
    private static async Task HandleAsync(string json, Func<EventMessage, Task> before)
    {
        var source = new FedSource();
        await using var mail = new RunningMail(source, before);
        await source.FeedAsync(new EventMessage(TopicContent.User(1), 1, SignedUp.TypeName, Encoding.UTF8.GetBytes(json)));
        await Bounded.UntilAsync(() => mail.Mail.Effects.Count == 1, "it has its effect");
    }
}
