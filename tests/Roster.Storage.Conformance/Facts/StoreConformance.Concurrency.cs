using Roster.Lab.Histories;
using Roster.Storage.Conformance.Histories;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Proves("What is reported as committed must be durable, and must be seen by every later read.")]
    public async Task Concurrent_clients_see_one_order_of_writes(int seed)
    {
        var run = new ConcurrentRun(Store, clients: 8, operationsEach: 60 * Factor, seed, Tokens);
        var findings = await run.RunAsync(Cancel);
        Assert.Contains(run.Operations, o => o is { Kind: OperationKind.Write, Outcome: OperationOutcome.Refused });
        Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings.Take(20)));
    }
}
