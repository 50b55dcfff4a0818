using Roster.Core.Storage;
using Roster.Lab;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>
/// A primary whose commits wait for a standby that never comes: they lie in its log, and nobody can see them there yet. Without
/// synchronous replication the same moment is short, but it is there.
/// </summary>
public sealed class UnseenCommitTests : IAsyncLifetime
{
    private readonly Changes changes = new();
    private PostgresServer server = null!;
    private PostgresStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.StartAsync();
        var options = PostgresLab.OptionsOf(server, "postgres");
        await PostgresMigrations.ApplyAsync(options, progress: null, Cancel);
        store = await PostgresDatabases.OpenAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        await (store?.DisposeAsync() ?? default);
        await (server?.DisposeAsync() ?? default);
    }

    [Fact]
    public async Task A_read_does_not_claim_to_include_a_commit_that_it_could_not_see()
    {
        var ada = changes.Register("Ada", "ada@example.org");
        await store.CommitAsync([ada], Cancel);
        var standby = await MissingStandby.RequireAsync(server);
        var committing = store.CommitAsync([changes.Rename(ada.Next!, "Ada Lovelace")], Cancel).AsTask();
        await Waiting.ForAsync(server, "application_name = 'roster' AND wait_event = 'SyncRep'", 1);

        // Whoever is given a token now names a position that the commit lies before.
        var token = await store.SeenAsync(ada.User.Bucket, Cancel);
        var before = (await store.UserAsync(ada.User, token, Cancel))!;
        Assert.Equal("Ada", before.State.Name);
        await standby.ForgetAsync();
        var committed = (await committing)[0].AsOf.Positions[0];
        Assert.True(before.AsOf.Value < committed.Value, $"The state before the commit is said to be valid as of {before.AsOf}, the commit to be read as of {committed}.");
    }
}
