using System.Text.RegularExpressions;
using Xunit;

namespace Roster.Tests.Architecture;

/// <summary>What <c>docs/security.md</c> refers to is there: the document cannot outlive the tests it names.</summary>
public sealed partial class SecurityDocumentTests
{
    private const int Risks = 10;

    private static readonly string Document = File.ReadAllText(Path.Combine(Sources.Root, "docs", "security.md"));

    [Fact]
    public void Every_test_that_it_names_exists()
    {
        var tests = Sources.Under("tests");
        Assert.All(Named().Matches(Document), named =>
        {
            var files = tests.Where(file => file.Text.Contains($"class {named.Groups["class"].Value}", StringComparison.Ordinal));
            var method = named.Groups["method"];
            Assert.True(
                files.Any(file => !method.Success || file.Text.Contains($" {method.Value}(", StringComparison.Ordinal)), $"There is no test {named.Value}.");
        });
    }

    [Fact]
    public void Every_risk_of_the_list_is_answered_by_tests()
    {
        var rows = Document.Split('\n').Where(line => line.StartsWith("| API", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(1, Risks).Select(n => $"| API{n} "), rows.Select(row => row[..(row.IndexOf(' ', 2) + 1)]));
        Assert.All(rows, row => Assert.Matches(Named(), row));
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();
}
