using System.Text.Json;
using CsCheck;

namespace Roster.Tests.Json;

/// <summary>Small JSON texts whose few names meet each other often; members are unique within an object.</summary>
internal static class JsonGen
{
    private static readonly Gen<string> Name = Gen.OneOf("a", "b", "c", "A", "", "é", "/", "~", "\ud83d\ude00", "\uffff");

    private static readonly Gen<string> Scalar = Gen.OneOf<string>(
        Gen.OneOf("null", "null", "true", "false", "0", "-0", "1.0", "1e2", "\"\"", "\"\\u0041\\n\\/\"", "\"\\ud83d\\ude00\""),
        Gen.Int[-1000, 1000].Select(number => number.ToString()),
        Gen.Double.Where(double.IsFinite).Select(number => number.ToString("R")));

    public static readonly Gen<string> Object = ObjectOf(3);

    private static Gen<string> ObjectOf(int depth) =>
        Gen.Select(Name, ValueOf(depth - 1)).List[0, 5].Select(members => "{ " + string.Join(" , ", members
            .DistinctBy(member => member.Item1)
            .Select(member => JsonSerializer.Serialize(member.Item1) + " : " + member.Item2)) + " }");

    private static Gen<string> ValueOf(int depth) => depth == 0 ? Scalar : Gen.Frequency<string>(
        (3, Scalar),
        (1, ValueOf(depth - 1).List[0, 3].Select(items => "[ " + string.Join(" , ", items) + " ]")),
        (3, ObjectOf(depth)));
}
