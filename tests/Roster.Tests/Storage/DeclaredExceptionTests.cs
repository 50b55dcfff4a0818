using Roster.Storage.Conformance;
using Roster.Storage.Conformance.Building;
using Roster.Storage.Conformance.Facts;
using Roster.Storage.Conformance.Model;
using Xunit;

namespace Roster.Tests.Storage;

/// <summary>How a store that cannot keep something is treated: skipped with its reason when declared, red otherwise.</summary>
public sealed class DeclaredExceptionTests
{
    [Fact]
    public async Task A_declared_exception_skips_with_its_reason()
    {
        await using var suite = new Limited(new(StringComparer.Ordinal) { ["Durability"] = "Lives in memory." });
        await suite.InitializeAsync();
        var skipped = await ErrorOfAsync(suite.A_reopened_store_has_everything_that_was_committed);
        Assert.Contains("Lives in memory.", skipped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_undeclared_one_is_red()
    {
        await using var suite = new Limited([]);
        await suite.InitializeAsync();
        var red = await ErrorOfAsync(suite.A_reopened_store_has_everything_that_was_committed);
        Assert.Contains("declare an exception", red.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_for_what_is_no_fact_is_red()
    {
        const string Fact = nameof(An_exception_for_what_is_no_fact_is_red);
        await using var suite = new Limited(new(StringComparer.Ordinal) { [Fact] = "No." });
        var error = await ErrorOfAsync(async () => await suite.InitializeAsync());
        Assert.Contains("There is no fact " + Fact, error.Message, StringComparison.Ordinal);
    }

    /// <summary>By hand: the library's own assertions let a skip through, and would skip this test instead.</summary>
    private static async Task<Exception> ErrorOfAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e)
        {
            return e;
        }

        throw new InvalidOperationException("Nothing was thrown.");
    }

    private sealed class Limited(Dictionary<string, string> exceptions) : StoreConformance
    {
        protected override IReadOnlyDictionary<string, string> Exceptions => exceptions;

        protected override Task<StoreUnderTest> OpenAsync() =>
            Task.FromResult(new StoreUnderTest { Store = new MemoryStore(SuiteEncoders.All) });
    }
}
