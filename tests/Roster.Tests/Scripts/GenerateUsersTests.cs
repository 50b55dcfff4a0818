using System.Text.Json;
using Xunit;

namespace Roster.Tests.Scripts;

public sealed class GenerateUsersTests
{
    internal const string GenerateUsers = "bench/generate-users";

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task The_same_number_and_seed_give_the_same_users_and_another_seed_gives_others(string format)
    {
        var (code, first) = await Script.RunAsync(GenerateUsers, "", "3000", "--format", format, "--seed", "7");
        var (_, again) = await Script.RunAsync(GenerateUsers, "", "3000", "--format", format, "--seed", "7");
        var (_, other) = await Script.RunAsync(GenerateUsers, "", "3000", "--format", format, "--seed", "8");

        Assert.Equal(0, code);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task No_e_mail_comes_twice()
    {
        var (_, output) = await Script.RunAsync(GenerateUsers, "", "5000");

        var emails = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("email").GetString())
            .ToList();
        Assert.Equal(5000, emails.Count);
        Assert.Equal(5000, emails.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData]
    [InlineData("many")]
    [InlineData("10", "--format", "xml")]
    [InlineData("10", "--seed")]
    [InlineData("10", "--seed", "x")]
    public async Task Wrong_usage_is_exit_code_2_and_no_users(params string[] args) =>
        Assert.Equal((2, ""), await Script.RunAsync(GenerateUsers, "", args));
}
