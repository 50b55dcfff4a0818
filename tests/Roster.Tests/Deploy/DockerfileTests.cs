using Roster.Tests.Architecture;
using Xunit;

namespace Roster.Tests.Deploy;

/// <summary>What must hold of the image before it is built; that it works is for the tests that run it.</summary>
public sealed class DockerfileTests
{
    private static readonly string[] Lines = File.ReadAllText(Path.Combine(Sources.Root, "deploy", "Dockerfile"))
        .Replace("\\\n", " ", StringComparison.Ordinal)
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [Fact]
    public void Base_images_are_pinned() => Assert.All(Of("FROM"), line => Assert.Matches(@"mcr\.microsoft\.com/dotnet/[a-z]+:10\.0[a-z0-9-]*( AS build)?$", line));

    [Fact]
    public void The_process_is_nobody_by_number() => Assert.Equal($"{ImageUser.Id}:{ImageUser.Id}", Assert.Single(Of("USER")));

    [Fact]
    public void Packages_are_the_locked_ones() => Assert.Contains(Of("RUN"), line => line.Contains("--locked-mode", StringComparison.Ordinal));

    [Fact]
    public void The_image_asks_the_program_whether_it_is_well() =>
        Assert.EndsWith("""CMD ["dotnet", "roster.dll", "health"]""", Assert.Single(Of("HEALTHCHECK")), StringComparison.Ordinal);

    [Fact]
    public void What_is_copied_is_not_ignored()
    {
        var kept = File.ReadAllLines(Path.Combine(Sources.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet(StringComparer.Ordinal);
        var copied = Of("COPY").Where(line => !line.StartsWith("--", StringComparison.Ordinal)).SelectMany(line => line.Split(' ')[..^1]).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(kept.Order(StringComparer.Ordinal), copied.Order(StringComparer.Ordinal));
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Sources.Root, path)), path));
    }

    private static IEnumerable<string> Of(string instruction) =>
        Lines.Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..]);
}
