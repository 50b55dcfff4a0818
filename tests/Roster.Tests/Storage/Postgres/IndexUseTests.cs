using Npgsql;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Even over tables so small that going through them would be cheaper: the plan is the one that millions of rows need.</summary>
public sealed class IndexUseTests(PostgresLab lab)
{
    private static readonly ConsistencyToken Any = ConsistencyToken.None;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_statement_of_a_request_goes_through_a_table_that_grows()
    {
        var options = await lab.CreateAsync();
        await using (var store = await PostgresDatabases.OpenAsync(options))
        {
            for (var i = 0; i < 8; i++)
            {
                await UseAsync(store, new Changes(), $"u{i}");
            }
        }

        // Sessions hand in their counts when they end.
        Assert.Equal(["secrets"], await ScannedAsync(options));
        await lab.DropAsync(options);
    }

    private static async Task UseAsync(PostgresStore store, Changes changes, string name)
    {
        var register = changes.Register(name, $"{name}@example.org").WithKey(name);
        await store.CommitAsync([register], Cancel);
        var publish = changes.Publish(register.Next!, "Hello").WithKey($"{name} posts");
        await store.CommitAsync([publish], Cancel);
        var rename = changes.RenameAndChangeEmail(publish.Next!, name, $"{name}@example.com");
        await store.CommitAsync([rename], Cancel);
        await store.UsersAsync([register.User], Any, Cancel);
        await store.PostsAsync([publish.Posts[0].Id], Any, Cancel);
        await store.NewestPostsAsync([new PostsOf(register.User, null)], 3, Any, Cancel);
        await store.UserByEmailAsync(register.Claims[0].Key, Any, Cancel);
        foreach (var status in new UserStatus?[] { null, UserStatus.Active })
        {
            foreach (var prefix in new byte[]?[] { null, FoldedName.Of("u") })
            {
                var query = new UserQuery { Tenant = TenantId.Default, Limit = 3, Status = status, NamePrefix = prefix is null ? (ReadOnlyMemory<byte>?)null : prefix };
                await store.ListAsync(query, Any, Cancel);
            }
        }

        await store.HistoryAsync(register.User, 0, 10, Any, Cancel);
        await store.PastStateAsync(register.User, PastState.OfVersion(1), Any, Cancel);
        await store.OutcomeAsync(register.User.Bucket, Idempotent.Principal, Idempotent.KeyOf(name), Cancel);
        await store.OutboxAsync(ShardId.Control, default, 10, Cancel);
        await store.OutboxOfChangesAsync(ShardId.Control, default, 10, Cancel);
        await store.StandingAsync(register.User, Cancel);
        await store.ClaimAsync(register.Claims[0].Key, Cancel);
        await store.UnsettledAsync(ShardId.Control, 10, Cancel);
        await store.CommitAsync([changes.Delete(rename.Next!)], Cancel);
        await UseAsync(store.Progress, register.User);
    }

    private static async Task UseAsync(PostgresProgressStore progress, UserId user)
    {
        var parked = new ParkedEvent
        {
            Consumer = "c",
            Event = new EventMessage(user, 3, "t", new byte[] { 1 }),
            Reason = "No.",
            Attempts = 1,
            Since = DateTimeOffset.UnixEpoch,
            NextAttempt = DateTimeOffset.UnixEpoch,
        };
        await progress.RecordEffectsAsync("c", [new Effect(user, 1)], Cancel);
        await progress.ProgressAsync("c", [user], Cancel);
        await progress.ParkAsync([parked, parked with { Event = parked.Event with { Sequence = 4 } }], Cancel);
        await progress.ParkedAsync(new ParkedQuery { Limit = 9 }, Cancel);
        await progress.ParkedAsync(new ParkedQuery { Consumer = "c", Limit = 9 }, Cancel);
        await progress.ParkedAsync(new ParkedQuery { Consumer = "c", User = user, Limit = 9 }, Cancel);
        await progress.DueAsync("c", DateTimeOffset.UnixEpoch, 9, Cancel);
        await progress.CountParkedAsync("c", Cancel);
        await progress.PostponeAsync(parked, Cancel);
        await progress.RetryParkedAsync("c", user, DateTimeOffset.UnixEpoch, Cancel);
        await progress.ReleaseAsync(parked, DateTimeOffset.UnixEpoch, Cancel);
    }

    private static async Task<List<string>> ScannedAsync(PostgresOptions options)
    {
        await using var connection = new NpgsqlConnection(options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT relname FROM pg_stat_user_tables
            WHERE seq_scan > 0 AND relname NOT IN ('life', 'owned_buckets', 'schema_version') ORDER BY 1
            """,
            connection);
        await new NpgsqlCommand("SELECT FROM secrets", connection).ExecuteNonQueryAsync(Cancel);
        await new NpgsqlCommand("SELECT pg_stat_force_next_flush()", connection).ExecuteNonQueryAsync(Cancel);
        await using var rows = await command.ExecuteReaderAsync(Cancel);
        List<string> names = [];
        while (await rows.ReadAsync(Cancel))
        {
            names.Add(rows.GetString(0));
        }

        return names;
    }
}
