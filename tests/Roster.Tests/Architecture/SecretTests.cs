using System.Text.RegularExpressions;
using Xunit;

namespace Roster.Tests.Architecture;

public sealed partial class SecretTests
{
    [Fact]
    public void Hashes_of_secrets_are_compared_in_constant_time_only()
    {
        var comparing = Sources.All.Where(file => file.Text.Contains("FixedTimeEquals", StringComparison.Ordinal));
        Assert.Equal(["Roster.Core/Keys/KeyToken.cs"], comparing.Select(file => file.Path));
        Assert.All(Sources.All, file => Assert.False(Compared().IsMatch(file.Text), $"{file.Path}: {Compared().Match(file.Text)}"));
    }

    [Theory]
    [InlineData("key.SecretHash == secretHash", true)]
    [InlineData("if (hash != options.AdminKeyHash)", true)]
    [InlineData("known.SecretHash.Equals(hash)", true)]
    [InlineData("Equals(a, adminKeyHash)", true)]
    [InlineData("KeyToken.Match(key.SecretHash, secretHash)", false)]
    [InlineData("options.AdminKeyHash is { } adminKey", false)]
    [InlineData("SecretHash = secretHash,", false)]
    public void A_comparison_is_recognised(string code, bool compared) => Assert.Equal(compared, Compared().IsMatch(code));

    [GeneratedRegex(
        @"(?i:secretHash|adminKeyHash|adminKey)\s*[!=]=|[!=]=\s*(\w+\.)*(?i:secretHash|adminKeyHash)\b|(?i:secretHash|adminKeyHash)\.(Equals|SequenceEqual|CompareTo)|Equals\([^()]*(?i:secretHash|adminKeyHash)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Compared();
}
