using System.Diagnostics;
using Roster.Core.Events.Publishing;
using Roster.Tests.Events;
using Roster.Tests.Events.Outboxes;
using Roster.Tests.Events.Publishing;
using Roster.Tests.Storage.Sqlite;
using Xunit;

namespace Roster.Tests.Monitoring;

/// <summary>A page of events is of many requests: what publishes it is a trace of its own.</summary>
public sealed class RelaySpanTests
{
    [Fact]
    public async Task What_a_relay_publishes_is_a_trace_of_its_own_and_a_failed_page_says_so()
    {
        var folder = new SqliteFolder();
        await using (var store = await folder.OpenAsync())
        {
            var written = new WrittenUsers(store);
            await written.SignUpAsync(30);
            using var spans = new RecordedSpans();
            using var request = new Activity("a request that has nothing to do with it").SetIdFormat(ActivityIdFormat.W3C).Start();
            var calls = 0;
            var topic = new Topic { Trouble = events => Task.FromResult(calls++ == 0 ? 0 : events.Count) };
            await using (var node = new Node("a", store, store.Control, store.Progress))
            {
                node.Start(new Relay(node.Outboxes, topic, TimeProvider.System));
                await Bounded.UntilAsync(() => topic.Count == written.Total, "everything arrives");
            }

            Assert.All(spans.Ended, span =>
            {
                Assert.Equal(("relay publish", ActivityKind.Producer), (span.OperationName, span.Kind));
                Assert.Equal(default, span.ParentSpanId);
                Assert.NotEqual(request.TraceId, span.TraceId);
            });
            Assert.Equal((ActivityStatusCode.Error, nameof(PublishException)), (spans.Ended[0].Status, spans.Ended[0].StatusDescription));
            var published = spans.Ended.Skip(1).ToList();
            Assert.All(published, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
            Assert.Equal(written.Total, published.Sum(span => (int)span.GetTagItem("messaging.batch.message_count")!));
        }

        folder.Delete();
    }
}
