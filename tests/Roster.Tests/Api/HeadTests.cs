using Xunit;

namespace Roster.Tests.Api;

/// <summary>HEAD is GET without a body, for every endpoint that has GET.</summary>
public sealed class HeadTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        var user = await server.Admin.SignUpAsync();
        var answer = (await server.Admin.SendAsync("HEAD", $"/users/{user.Id}", null)).Is(200);
        Assert.Equal("\"1\"", answer.Header("ETag"));
        Assert.Equal(user.Body.Length.ToString(), answer.Header("Content-Length"));
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("/livez", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/users", 401)]
    [InlineData("/nothing", 404)]
    public async Task HEAD_needs_what_GET_needs(string path, int status) =>
        (await server.Nobody.SendAsync("HEAD", path, null)).Is(status);
}
