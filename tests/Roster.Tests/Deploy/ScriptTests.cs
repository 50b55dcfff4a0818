using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Deploy;

/// <summary>The shell scripts under <c>deploy</c>.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Sources.Root, "deploy"), "*", SearchOption.AllDirectories)
            .Where(path => File.ReadLines(path).FirstOrDefault() is { } first && first.StartsWith("#!", StringComparison.Ordinal) && first.EndsWith("sh", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Sources.Root, path))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Shellcheck_finds_nothing(string script)
    {
        var checkedOne = await Tool.RunAsync("shellcheck is missing: install Debian's package shellcheck.", new Dictionary<string, string>(), "shellcheck", script);

        Assert.Equal((0, string.Empty), (checkedOne.Code, checkedOne.Output + checkedOne.Errors));
    }
}
