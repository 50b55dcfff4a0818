using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Storage.Conformance.Building;
using Roster.Lab.Histories;
using Roster.Storage.Conformance.Histories;
using Roster.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Storage.Postgres;

/// <summary>Batches of two processes meet in one database.</summary>
public sealed class TwoNodesTests(PostgresLab lab) : IAsyncLifetime
{
    private static readonly BatchingOptions Batches = new() { MaxInFlight = 2 };

    private readonly Changes changes = new();
    private PostgresOptions options = null!;
    private TwoNodes nodes = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        options = await lab.CreateAsync();
        nodes = new TwoNodes(
            new BatchingStore(await PostgresDatabases.OpenAsync(options), Batches),
            new BatchingStore(await PostgresDatabases.OpenAsync(options), Batches));
    }

    public async ValueTask DisposeAsync()
    {
        await nodes.DisposeAsync();
        await lab.DropAsync(options);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Clients_of_both_see_one_order_of_writes(int seed)
    {
        var run = new ConcurrentRun(nodes, clients: 12, operationsEach: 80, seed);
        var findings = await run.RunAsync(Cancel);
        Assert.Contains(run.Operations, o => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Refused });
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings.Take(20)));
    }

    [Fact]
    public async Task Of_sign_ups_with_one_email_on_both_exactly_one_succeeds()
    {
        const int Emails = 60;
        const int Each = 6;
        var results = await Task.WhenAll(Enumerable.Range(0, Each).Select(i => Task.Run(() => SignUpAsync(Emails, backwards: i % 2 == 0))));
        for (var email = 0; email < Emails; email++)
        {
            var (change, _) = Assert.Single(results.Select(r => r[email]), r => r.Outcome == ChangeOutcome.Committed);
            Assert.All(results.Select(r => r[email].Outcome), o => Assert.True(o is ChangeOutcome.Committed or ChangeOutcome.EmailTaken, $"{o}"));
            Assert.Equal(change.Next, (await nodes.UserByEmailAsync(change.Claims[0].Key, ConsistencyToken.None, Cancel))?.State);
        }
    }

    private async Task<(Change Change, ChangeOutcome Outcome)[]> SignUpAsync(int emails, bool backwards)
    {
        Change[] batch = [.. Enumerable.Range(0, emails).Select(i => changes.Register($"User {i}", $"u{i}@example.org"))];
        IReadOnlyList<Change> sent = backwards ? [.. batch.Reverse()] : batch;
        var results = await nodes.CommitAsync(sent, Cancel);
        var outcomes = backwards ? results.Reverse() : results;
        return [.. batch.Zip(outcomes, (change, result) => (change, result.Outcome))];
    }
}
