using Xunit;

namespace Roster.Tests.Api.Users;

public sealed class UniqueEmailTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int AtOnce = 64;

    /// <summary>Spellings of one address; <c>#</c> is the round.</summary>
    public static TheoryData<string, string[]> Spellings => new()
    {
        { "the same", ["ada#@example.com"] },
        { "case and spaces", ["ada#@example.com", "ADA#@EXAMPLE.COM", " Ada#@Example.com", "ada#@example.com\t", "\u00A0aDa#@example.com\u3000"] },
        { "NFC and NFD", ["josé#@example.com", "jose\u0301#@example.com", "JOSE\u0301#@EXAMPLE.com", "JOSÉ#@example.com"] },
        { "IDN and punycode", ["ada#@münchen.de", "ada#@xn--mnchen-3ya.de", "ADA#@MÜNCHEN.DE", "ada#@mu\u0308nchen.de", "Ada#@XN--MNCHEN-3YA.DE"] },
        { "sharp s and ss", ["stra\u00DFe#@example.com", "STRASSE#@example.com", "stra\u1E9Ee#@example.com"] },
        { "full width", ["ada#@example.com", "ada#@\uFF45xample.com", "ada#@example\u3002com"] },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task One_email_in_any_spelling_signs_up_once(string what, string[] spellings)
    {
        for (var round = 0; round < 12; round++)
        {
            var tag = $"{what.GetHashCode(StringComparison.Ordinal):x}r{round}";
            var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => server.Admin.PostAsync(
                "/users",
                $$"""{ "name": "n", "email": {{ApiClient.Quote(spellings[i % spellings.Length].Replace("#", tag, StringComparison.Ordinal))}} }""")));
            var winner = Assert.Single(answers, answer => answer.Status == 201);
            Assert.All(answers.Where(answer => answer != winner), answer => answer.IsProblem(409, "email-taken"));
            foreach (var spelling in spellings)
            {
                var found = await server.Admin.GetAsync($"/users?email={Uri.EscapeDataString(spelling.Replace("#", tag, StringComparison.Ordinal))}");
                Assert.Equal(winner.Id, Assert.Single(found.Is(200).Items).GetProperty("id").GetString());
            }
        }
    }

    [Fact]
    public async Task Of_changes_to_one_email_exactly_one_wins()
    {
        for (var round = 0; round < 6; round++)
        {
            var users = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => server.Admin.SignUpAsync()));
            var email = ApiClient.NewEmail();
            var answers = await Task.WhenAll(users.Select((user, i) => server.Admin.PatchAsync(
                $"/users/{user.Id}", $$"""{ "email": "{{(i % 2 == 0 ? email : email.ToUpperInvariant())}}" }""")));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsProblem(409, "email-taken"));
        }
    }
}
