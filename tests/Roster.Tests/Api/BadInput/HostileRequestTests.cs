using CsCheck;
using Roster.Core.Ids;
using Xunit;

namespace Roster.Tests.Api.BadInput;

public sealed class HostileRequestTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const int Requests = 3_000;

    [Fact]
    public async Task Nothing_that_is_sent_makes_a_fault_of_ours()
    {
        Assert.True(UserId.TryParse((await server.Admin.SignUpAsync()).Id, out var user));
        await HostileRequest.Any.SampleAsync(
            async request =>
            {
                var answer = await RawConnection.SendAsync(
                    server.Url, request.HeadFor(server.Url.Authority, server.AdminKey, user), request.Body);
                Check(answer, request);
            },
            iter: Requests);
        (await server.Nobody.GetAsync("/readyz")).Is(200);
        await server.Admin.SignUpAsync();
    }

    private static void Check(Answer? answer, HostileRequest request)
    {
        Assert.True(answer is not null, $"No answer to {request}");
        Assert.True(answer.Status < 500, $"{answer}\nto {request}");
        if (answer.Header("Content-Type")?.StartsWith("application/graphql-response+json", StringComparison.Ordinal) == true)
        {
            // GraphQL says what is wrong in its own form.
            Assert.All(answer.Json.GetProperty("errors").EnumerateArray(), error => Assert.NotEqual(string.Empty, error.GetProperty("message").GetString()));
        }
        else if (answer.Status >= 400 && answer.Body.Length > 0)
        {
            answer.IsWellFormedProblem();
        }
    }
}
