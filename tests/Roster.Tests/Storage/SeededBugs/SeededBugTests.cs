using System.Reflection;
using Roster.Core.Storage;
using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Lab.Histories;
using Roster.Storage.Conformance.Histories;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Storage.SeededBugs;

/// <summary>A suite that has never been red proves nothing: each known bug must be found by facts, sequences and histories.</summary>
public sealed class SeededBugTests
{
    private static readonly Dictionary<string, Func<IStore, IStore>> Bugs = new(StringComparer.Ordinal)
    {
        ["none"] = store => store,
        ["loses"] = store => new LosingStore(store),
        ["stale"] = store => new StaleStore(store),
        ["ignores claims"] = store => new ClaimBlindStore(store),
        ["ignores the sequence"] = store => new SequenceBlindStore(store),
    };

    [Theory]
    [InlineData("loses", FindingKind.Lost)]
    [InlineData("stale", FindingKind.Stale)]
    [InlineData("ignores claims", FindingKind.Duplicate)]
    [InlineData("ignores the sequence", FindingKind.Duplicate)]
    public async Task A_concurrent_history_shows_the_bug(string bug, FindingKind expected)
    {
        await using var store = Bugs[bug](new MemoryStore(SuiteEncoders.All));
        await using var meeting = new YieldingStore(store);
        var findings = await new ConcurrentRun(meeting, clients: 8, operationsEach: 150, seed: 1).RunAsync(TestContext.Current.CancellationToken);
        foreach (var kind in findings.CountBy(f => f.Kind))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{bug}: {kind.Key} × {kind.Value}");
        }

        Assert.Contains(findings, f => f.Kind == expected);
    }

    [Fact]
    public async Task Without_a_bug_a_concurrent_history_is_sound()
    {
        await using var store = new YieldingStore(new MemoryStore(SuiteEncoders.All));
        Assert.Empty(await new ConcurrentRun(store, clients: 8, operationsEach: 150, seed: 1).RunAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("loses")]
    [InlineData("stale")]
    [InlineData("ignores claims")]
    [InlineData("ignores the sequence")]
    public async Task Facts_and_generated_sequences_show_the_bug(string bug)
    {
        Assert.NotEmpty(await RedFactsAsync(bug, m => !m.Name.StartsWith("Generated", StringComparison.Ordinal)));
        Assert.Single(await RedFactsAsync(bug, m => m.Name.StartsWith("Generated", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_bug_no_fact_is_red() => Assert.Empty(await RedFactsAsync("none", _ => true));

    /// <summary>The facts that fail over a store with the bug, run as the test runner would.</summary>
    private static async Task<List<string>> RedFactsAsync(string bug, Func<MethodInfo, bool> which)
    {
        var facts = typeof(StoreConformance).GetMethods()
            .Where(m => m.GetCustomAttribute<FactAttribute>() is { } fact && fact is not TheoryAttribute && which(m));
        List<string> red = [];
        foreach (var fact in facts)
        {
            await using var suite = new Suite(Bugs[bug]);
            await suite.InitializeAsync();
            try
            {
                await (Task)fact.Invoke(suite, null)!;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                red.Add(fact.Name);
                TestContext.Current.TestOutputHelper?.WriteLine($"{bug}: {fact.Name}: {e.Message}");
            }
        }

        return red;
    }

    private sealed class Suite(Func<IStore, IStore> bug) : StoreConformance
    {
        protected override Task<StoreUnderTest> OpenAsync() => Task.FromResult(Over(new MemoryStore(SuiteEncoders.All)));

        private StoreUnderTest Over(MemoryStore data) => new()
        {
            Store = bug(data),
            Rebuild = data,
            Reopen = () => Task.FromResult(Over(data)),
        };
    }
}
