using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Roster.Storage.Conformance.Facts;
using Xunit;

namespace Roster.Tests.Storage;

/// <summary>The contract and its suite, held side by side: a promise without a proof is only a comment.</summary>
public sealed partial class ContractCoverageTests
{
    private static readonly string[] Promises = [.. Sentences().Where(s => Must().IsMatch(s)).Distinct(StringComparer.Ordinal)];

    private static readonly string[] Proofs =
    [
        .. from type in typeof(StoreConformance).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.GetCustomAttributes<FactAttribute>().Any()
           from proof in method.GetCustomAttributes<ProvesAttribute>()
           select proof.Sentence,
    ];

    [Fact]
    public void Every_must_of_the_storage_contract_is_proven_by_a_fact()
    {
        Assert.True(Promises.Length >= 9, "The documentation of the contract was not found: " + string.Join('|', Promises));
        Assert.Empty(Promises.Except(Proofs, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_quoted_sentence_still_stands_in_the_contract() =>
        Assert.Empty(Proofs.Except(Sentences(), StringComparer.Ordinal));

    private static IEnumerable<string> Sentences() =>
        from member in XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Roster.Core.xml")).Descendants("member")
        where ((string?)member.Attribute("name"))?[2..].StartsWith("Roster.Core.Storage.", StringComparison.Ordinal) == true
        from part in member.Elements()
        from sentence in SentenceEnd().Split(Space().Replace(Text(part), " ").Trim())
        select sentence;

    /// <summary>The text as people read it: references by their last name.</summary>
    private static string Text(XElement part) => string.Concat(part.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement e when e.Name == "para" => " " + Text(e) + " ",
        XElement e when e.Attribute("cref") is { } cref => cref.Value.Split('.')[^1],
        XElement e when e.Attribute("name") is { } name => name.Value,
        XElement e => Text(e),
        _ => "",
    }));

    [GeneratedRegex(@"\bmust\b", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Must();

    [GeneratedRegex(@"(?<=[.;])\s+(?=\p{Lu})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Space();
}
