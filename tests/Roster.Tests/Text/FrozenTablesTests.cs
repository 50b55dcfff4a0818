using System.Security.Cryptography;
using Roster.Core.Text;
using Xunit;

namespace Roster.Tests.Text;

public class FrozenTablesTests
{
    /// <summary>Red means: stored e-mail keys would no longer be found. Put the table back; do not put in the new hash.</summary>
    [Theory]
    [InlineData("bidi-classes", "d95fe2027d357d4c98f92ef9f1eeaa37bd1ce3b9dfb52138d01fe01e62c92ebc")]
    [InlineData("case-folding", "8926560b143c8331bfdba3aea7a8dffee9fa23fc46304ece27d268902710411d")]
    [InlineData("categories", "b2bf6c3e4213b93116aa7e06a2f7f3845c9dd9702a9803c59eb40c6f3c39f387")]
    [InlineData("combining-classes", "3ee5a75c6d3113b12b8b322c37b6aec2baf049abc67928108e246fedca37cbd6")]
    [InlineData("compositions", "6acd4c213aeb92fda3f72984b53b7dacb37ab544585d3663c232ec03886e2725")]
    [InlineData("decompositions", "cef2bb3133ac9f8186343cac5afb5f12746584aad1c638d1322346fa75885408")]
    [InlineData("idna-mapping", "2707887b2493506da19fd6fae41fa48a4d2839ddf70cd412a9428a5cbdc76f81")]
    [InlineData("joining-types", "7149c63cbd2a7cbe9ec04b3a5dd3a6e8660c7c8e37025ff4011941a6460952e8")]
    public void A_table_never_changes(string name, string sha256)
    {
        using var table = typeof(EmailAddress).Assembly.GetManifestResourceStream($"Roster.Core.Text.Tables.{name}.txt");
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(table!)));
    }
}
