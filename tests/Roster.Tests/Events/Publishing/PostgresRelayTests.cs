using System.Diagnostics;
using Npgsql;
using Roster.Core.Events;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Roster.Tests.Events.Outboxes;
using Roster.Tests.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Events.Publishing;

/// <summary>The relay over PostgreSQL, where transactions commit in another order than they begin.</summary>
public sealed class PostgresRelayTests(PostgresLab lab)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_commits_late_is_published_and_is_lost_to_a_relay_that_only_remembers_the_last_position()
    {
        var changes = new Changes();
        var options = (await lab.CreateAsync()) with { OutboxPatience = TimeSpan.FromMilliseconds(20) };
        Topic topic = new(), naive = new();
        await using (var store = await PostgresDatabases.OpenAsync(options))
        await using (var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false"))
        await using (var node = new Node("a", store, store.Control, store.Progress))
        await using (var other = new Node("b", new NaiveOutbox(store, options), store.Control, store.Progress))
        {
            node.Start(new Relay(node.Outboxes, topic, TimeProvider.System));
            other.Start(new NaiveRelay(other, naive));
            await connection.OpenAsync(Cancel);
            var open = await connection.BeginTransactionAsync(Cancel);
            var late = changes.Register("Late", "late@example.org");
            await using (var batch = new NpgsqlBatch(connection))
            {
                new CommitColumns(PreparedChange.All([late])).Statement().AddTo(batch);
                await batch.ExecuteScalarAsync(Cancel);
            }

            var early = changes.Register("Early", "early@example.org");
            await store.CommitAsync([early], Cancel);
            await Bounded.UntilAsync(() => naive.Count == 1, "the naive relay sees what committed first");
            Assert.Equal(0, topic.Count);
            await open.CommitAsync(Cancel);
            var last = changes.Register("Last", "last@example.org");
            await store.CommitAsync([last], Cancel);
            await Bounded.UntilAsync(() => topic.Count == 3 && naive.Count == 2, "what committed late, and last");
            Assert.Equal([late.User, early.User, last.User], topic.Messages.Select(message => message.User));
            Assert.Equal([early.User, last.User], naive.Messages.Select(message => message.User));
        }

        await lab.DropAsync(options);
    }

    [Fact]
    public async Task A_backlog_is_drained_in_order_while_more_commits()
    {
        var options = await lab.CreateAsync();
        await using (var store = await PostgresDatabases.OpenAsync(options))
        await using (var batching = new BatchingStore(store, new BatchingOptions(), new BatchingOptions()))
        {
            var written = new WrittenUsers(batching);
            for (var i = 0; i < 10; i++)
            {
                await written.SignUpAsync(1000);
            }

            await written.RenameAllAsync();
            var topic = new Topic();
            var node = new Node("a", store, store.Control, store.Progress) { Options = new() { Holder = "a" } };
            var start = Stopwatch.GetTimestamp();
            node.Start(new Relay(node.Outboxes, topic, TimeProvider.System));
            await Bounded.UntilAsync(() => topic.Count >= written.Total, "the backlog");
            TestContext.Current.TestOutputHelper?.WriteLine($"{topic.Count / Stopwatch.GetElapsedTime(start).TotalSeconds:N0} events/s out of a backlog of {written.Total}");
            await written.SignUpAsync(100);
            await Bounded.UntilAsync(() => topic.Count >= written.Total, "the rest");
            topic.AssertHolds(written);
            await node.DisposeAsync();
        }

        await lab.DropAsync(options);
    }

    private sealed class NaiveRelay(Node node, Topic topic) : IEventWork
    {
        public Task RunAsync(CancellationToken cancellation) => node.Outboxes.RunAsync("naive", topic.PublishAsync, cancellation);
    }

    /// <summary>The bug: whatever has a higher position than the last.</summary>
    private sealed class NaiveOutbox(IStore inner, PostgresOptions options) : DelegatingStore(inner)
    {
        public override async ValueTask<OutboxPage> OutboxAsync(ShardId shard, OutboxCursor after, int limit, CancellationToken cancellation)
        {
            await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
            await connection.OpenAsync(cancellation);
            await using var command = new NpgsqlCommand(
                "SELECT user_id, position FROM outbox WHERE position > $1 ORDER BY position LIMIT $2", connection);
            command.Parameters.Add(Bound.Of(after.Position));
            command.Parameters.Add(Bound.Of(limit));
            List<(UserId User, long Position)> rows = [];
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation))
                {
                    rows.Add((new UserId(reader.GetGuid(0)), reader.GetInt64(1)));
                }
            }

            var entries = new List<OutboxEntry>();
            foreach (var (user, position) in rows)
            {
                var recorded = (await Inner.HistoryAsync(user, 0, 1, ConsistencyToken.None, cancellation))[0];
                entries.Add(new OutboxEntry(new OutboxCursor(1, position), TenantId.Default, recorded));
            }

            return new OutboxPage(entries, entries.Count > 0 ? entries[^1].Cursor : after, Expired: false);
        }
    }
}
